"""What cases are shown of their project's other files: what a folder holds, or what they bring."""

from collections.abc import Iterable
from pathlib import Path

from codegen_lsp.completion.sticky import Choose
from codegen_lsp.context.choosing import WorkspaceChooser
from codegen_lsp.context.chosen import NOTHING, Context
from codegen_lsp.context.files import Rules
from codegen_lsp.context.indexing import build
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


def of_repository(folder: Path) -> Choose:
    """Shows what would be chosen in an editor from `folder`, whose index is brought up to date.

    Raises:
        CodegenError: the index cannot be written.
    """
    build(folder, Rules())
    # A clock that stands still: no source is too slow, so that figures do not hang on the machine.
    chooser = WorkspaceChooser((folder,), Rules(), clock=lambda: 0.0)

    def choose(snapshot: Snapshot, offset: int) -> Context:
        return chooser.choose(snapshot, offset, ())

    return choose
