"""What is handed to the statistics, where the setting `statistics` lets it: never text or names."""

import re
from datetime import date

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.statistics.database import database_file
from codegen_lsp.statistics.records import Insertion, Record, Silence, SuggestionRecord, TriggerKind
from codegen_lsp.statistics.writer import Writer

_LANGUAGE = re.compile(r"[a-z0-9+#_-]{1,30}")


class Recorder:
    """Records what one server does.

    Attributes:
        is_on: false records nothing.
    """

    def __init__(self, is_on: bool) -> None:
        self.is_on = is_on
        self._writer = Writer(database_file())

    def silence(self, language: str, trigger_kind: TriggerKind, reason: Reason) -> None:
        """A request was answered without a suggestion."""
        self._put(Silence(date.today(), language_code(language), trigger_kind, reason))

    def suggestion(self, record: SuggestionRecord) -> None:
        """Nothing more becomes of a suggestion."""
        self._put(record)

    def inserted(self, language: str, characters: int) -> None:
        """So many characters came into a document."""
        if characters:
            self._put(Insertion(date.today(), language_code(language), characters))

    def close(self) -> None:
        """Write what is still to be written, unless that takes long."""
        self._writer.close()

    def _put(self, record: Record) -> None:
        if self.is_on:
            self._writer.put(record)


def language_code(language: str) -> str:
    """An identifier as clients send it, or "other" for what does not look like one."""
    return language.lower() if _LANGUAGE.fullmatch(language.lower()) else "other"
