"""What statistics are told and what they tell, where the setting `statistics` lets them.

They are told neither text nor names.
"""

import re
from datetime import date

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.statistics.database import database_file
from codegen_lsp.statistics.recalibration import UNCHANGED, Recalibration
from codegen_lsp.statistics.recalibrator import Recalibrator
from codegen_lsp.statistics.records import Insertion, Record, Silence, SuggestionRecord, TriggerKind
from codegen_lsp.statistics.writer import Writer

_LANGUAGE = re.compile(r"[a-z0-9+#_-]{1,30}")


class Recorder:
    """Records what one server does, and knows what the records say of confidence."""

    def __init__(self, is_on: bool) -> None:
        self._is_on = is_on
        self._writer = Writer(database_file())
        self._recalibrator = Recalibrator(database_file())

    def switch(self, *, on: bool) -> None:
        """Record from now on, and begin to read what was recorded; or do neither."""
        self._is_on = on
        if on:
            self._recalibrator.start()

    def recalibration(self) -> Recalibration:
        """How confidence is corrected; not at all where nothing is recorded."""
        return self._recalibrator.latest if self._is_on else UNCHANGED

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
        self._recalibrator.close()
        self._writer.close()

    def _put(self, record: Record) -> None:
        if self._is_on:
            self._writer.put(record)


def language_code(language: str) -> str:
    """An identifier as clients send it, or "other" for what does not look like one."""
    return language.lower() if _LANGUAGE.fullmatch(language.lower()) else "other"
