"""From a definition to the edit that documents it, checked before anyone sees it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from codegen_lsp.docstrings.agreement import Difference, Place, difference, expected
from codegen_lsp.docstrings.content import Content, Layout, Style, StyleName
from codegen_lsp.docstrings.detecting import StyleSetting, style_for, style_of
from codegen_lsp.docstrings.drafts import Draft
from codegen_lsp.docstrings.mending import keeps_nothing, mend
from codegen_lsp.docstrings.placing import (
    Edit,
    applied,
    insertion,
    only_documentation_changes,
    replacement,
)
from codegen_lsp.docstrings.raw_lines import indented_alike
from codegen_lsp.docstrings.reading import code_of, read
from codegen_lsp.docstrings.reasons import Reason
from codegen_lsp.docstrings.registry import STYLES
from codegen_lsp.docstrings.words import Code, Wanted, Words
from codegen_lsp.syntax.signatures.facts import Documentable, Existing
from codegen_lsp.text import Snapshot, line_ending

_MARKS = 8
"""Characters that quotes or marks of comments take beside a summary."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has come of a definition.

    Attributes:
        edit: what documents it; None where nothing may.
        reason: why there is no edit; None where there is one.
        detail: what the reason does not say; often "".
        style: of its docstring; None where none could be told.
        text: the docstring as it stands after the edit; "" without one.
        replaced: entries whose sentence is a plain one, as `Words.replaced` tells them.
    """

    edit: Edit | None
    reason: Reason | None = None
    detail: str = ""
    style: StyleName | None = None
    text: str = ""
    replaced: tuple[str, ...] = ()


class Documenter:
    """Writes docstrings that are missing, and mends those that disagree with the signature."""

    def __init__(
        self,
        words: Callable[[Code, Wanted, threading.Event], Words],
        style: StyleSetting = "auto",
        width: int = 88,
        usual: Mapping[str, StyleName] | None = None,
    ) -> None:
        """Keep what all docstrings have in common.

        Args:
            words: writes the sentences.
            style: of what is written; "auto" follows the file, then `usual`.
            width: most characters in a line, indentation included.
            usual: the style of the repository by LSP language, where one is known.
        """
        self._words = words
        self._style = style
        self._width = width
        self._usual = usual or {}

    def document(
        self,
        snapshot: Snapshot,
        documentable: Documentable,
        cancel: threading.Event,
        callers: Sequence[str] = (),
    ) -> Outcome:
        """What documents `documentable`, a definition in `snapshot`.

        A docstring of prose alone gets the parts that its definition demands.

        Args:
            snapshot: the document.
            documentable: as the tree of just this text gives it.
            cancel: set it from any thread to give up.
            callers: lines of code in other files that use the definition.
        """
        if documentable.problem:
            return Outcome(None, Reason.PROBLEM, documentable.problem)
        if documentable.is_overload and documentable.placement == "inside":
            return Outcome(None, Reason.OVERLOAD)
        style = self._style_of(snapshot, documentable)
        if style is None:
            return Outcome(None, Reason.PROBLEM, f"no style is known for {snapshot.language}")
        job = _Job(snapshot, documentable, style, Layout(documentable.indent, self._width))
        wanted = job.wanted()
        if isinstance(wanted, Outcome):
            return wanted
        words = Words(Content())
        if wanted.summary or wanted.entries:
            code = code_of(snapshot, documentable, tuple(callers))
            words = self._words(code, wanted, cancel)
        if cancel.is_set():
            return Outcome(None, Reason.CANCELLED, style=style.name)
        return job.outcome(wanted, words)

    def _style_of(self, snapshot: Snapshot, documentable: Documentable) -> Style | None:
        docstrings = read(snapshot.language, snapshot.text).docstrings
        name = style_for(self._style, snapshot.language, docstrings, self._usual)
        if name is None:
            return None
        if documentable.existing is not None:
            name = style_of(documentable.existing.text, snapshot.language, name)
        return STYLES[name]


@dataclass(frozen=True, slots=True)
class _Job:
    """One definition and how to document it."""

    snapshot: Snapshot
    documentable: Documentable
    style: Style
    layout: Layout

    @property
    def is_anew(self) -> bool:
        """Whether there is nothing to keep."""
        existing = self.documentable.existing
        if existing is None:
            return True
        parsed = self.style.parse(existing.text)
        if parsed.summary or parsed.problem:
            return False
        return not parsed.sections or keeps_nothing(self._draft(existing))

    def wanted(self) -> Wanted | Outcome:
        """The sentences that are missing, or why there is nothing to do."""
        existing = self.documentable.existing
        if self.is_anew or existing is None:
            room = self.layout.width - len(self.layout.indent) - _MARKS
            return Wanted(True, expected(self.documentable, self.style.demands), room)
        parsed = self.style.parse(existing.text)
        if parsed.problem:
            return Outcome(None, Reason.UNREADABLE, parsed.problem, self.style.name)
        found = difference(self.documentable, parsed, self.style, complete=True)
        if not found:
            return Outcome(None, Reason.AGREES, style=self.style.name)
        return Wanted(False, found.missing)

    def outcome(self, wanted: Wanted, words: Words) -> Outcome:
        """The edit that puts `words` in, or the check that it has not passed."""
        lacking = _lacking(wanted, words.content)
        if lacking:
            return Outcome(None, Reason.NO_WORDS, lacking, self.style.name)
        edit = self._edit(words.content)
        if not only_documentation_changes(self.snapshot.language, self.snapshot.text, [edit]):
            return Outcome(None, Reason.CODE_CHANGED, style=self.style.name)
        written = self._written(edit)
        if written is None or written.existing is None:
            return Outcome(None, Reason.MISPLACED, style=self.style.name)
        wrong = self._wrong(written, written.existing.text)
        if wrong:
            return Outcome(None, Reason.DISAGREES, wrong, self.style.name)
        text = written.existing.text
        return Outcome(edit, style=self.style.name, text=text, replaced=words.replaced)

    def _edit(self, content: Content) -> Edit:
        existing, layout = self.documentable.existing, self.layout
        ending = line_ending(self.snapshot.text)
        if existing is not None and not self.is_anew:
            return replacement(existing, mend(self._draft(existing), content))
        lines = self.style.render(content, self.documentable, layout)
        if self.documentable.placement == "inside":
            lines = indented_alike(lines, layout.indent)
        if existing is not None:
            return replacement(existing, ending.join(lines).removeprefix(layout.indent))
        return insertion(self.snapshot.text, self.documentable, lines)

    def _draft(self, existing: Existing) -> Draft:
        ending = line_ending(self.snapshot.text)
        return Draft(existing.text, self.documentable, self.style, self.layout, ending)

    def _written(self, edit: Edit) -> Documentable | None:
        """The definition after `edit`, if what documents it now is what came."""
        before = read(self.snapshot.language, self.snapshot.text).definitions
        after = read(self.snapshot.language, applied(self.snapshot.text, [edit])).definitions
        place = next((at for at, each in enumerate(before) if each == self.documentable), None)
        if place is None or len(after) != len(before):
            return None
        existing = after[place].existing
        is_ours = existing is not None and existing.text in edit.text
        return after[place] if is_ours else None

    def _wrong(self, written: Documentable, text: str) -> str:
        """What a reader would find wrong with the docstring; "" for nothing."""
        parsed = self.style.parse(text)
        found: Difference = difference(written, parsed, self.style, complete=True)
        lacks_summary = self.is_anew and not parsed.summary
        return parsed.problem or "; ".join(found.messages) or ("no summary" * lacks_summary)


def _lacking(wanted: Wanted, content: Content) -> str:
    """What was wanted and is not there; "" if all is."""
    if wanted.summary and not content.summary.strip():
        return "summary"
    said: set[Place] = {
        (kind, entry.name)
        for kind, entries in content.sections.items()
        for entry in entries
        if entry.text.strip()
    }
    missing = [name or kind for kind, name in wanted.entries if (kind, name) not in said]
    return ", ".join(missing)
