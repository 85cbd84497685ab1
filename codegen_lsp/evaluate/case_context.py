"""What cases are shown of their project's other files: what a folder holds, or what they bring."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from codegen_lsp.completion.sticky import Choose
from codegen_lsp.context.choosing import WorkspaceChooser
from codegen_lsp.context.chosen import NOTHING, Context
from codegen_lsp.context.files import Rules
from codegen_lsp.context.indexing import build
from codegen_lsp.context.unknown_names import UnknownName
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.quality import case_uri
from codegen_lsp.text import Snapshot


def of_rows(cases: Iterable[Case]) -> Choose:
    """Shows each case what its row brings, whatever time that takes to read."""
    contexts = {
        case_uri(case): Context(case.pieces, None, case.repository, case.path) for case in cases
    }

    def choose(snapshot: Snapshot, _offset: int) -> Context:
        return contexts.get(snapshot.uri, NOTHING)

    return choose


class Repository:
    """Shows what would be chosen in an editor from a folder, and knows its names."""

    def __init__(self, folder: Path) -> None:
        """Bring the index of `folder` up to date.

        Raises:
            CodegenError: the index cannot be written.
        """
        build(folder, Rules())
        # A clock that stands still: no source is too slow, so that figures do not hang on the
        # machine.
        self._chooser = WorkspaceChooser((folder,), Rules(), clock=lambda: 0.0)

    def choose(self, snapshot: Snapshot, offset: int) -> Context:
        """What would help at `offset`."""
        return self._chooser.choose(snapshot, offset, ())

    def inspect(self, snapshot: Snapshot, offset: int, text: str) -> Sequence[UnknownName]:
        """The names of `text`, put at `offset`, that do not exist."""
        return self._chooser.inspect(snapshot, offset, text)
