"""The project's other files, for a completion without an editor.

Whatever is wrong with them is said in one line on standard error and costs no more than the
context: the completion then comes from the file alone.
"""

import shlex
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from codegen_lsp.cli.progress_bar import IndexProgress
from codegen_lsp.completion.sticky import Choose
from codegen_lsp.context.choosing import WorkspaceChooser
from codegen_lsp.context.files import Rules
from codegen_lsp.context.index import Index
from codegen_lsp.context.indexing import build
from codegen_lsp.context.projects import has_few_files, why_no_project
from codegen_lsp.errors import CodegenError

PATIENCE_S = 60.0
"""Longest wait for the index, and again for the choice: a disk may not answer."""

_SOURCE_S = 0.5  # nobody types meanwhile, and everything is read for the first time
_BAR_AFTER_S = 1.0

Result = TypeVar("Result")


def project_context(root: Path, place: str, rules: Rules) -> Choose | None:
    """What chooses from the project at `root`, its index up to date; None: nothing can be shown.

    Args:
        root: the project's folder.
        place: the user's argument, for the command that we tell.
        rules: which files may be read.
    """
    if not _in_time(lambda: _is_ready(root, place, rules), root):
        return None
    _in_time(lambda: _update(root, rules), root)
    chooser = WorkspaceChooser([root], rules, source_s=_SOURCE_S)
    return lambda snapshot, offset: _in_time(lambda: chooser.choose(snapshot, offset, ()), root)


def _is_ready(root: Path, place: str, rules: Rules) -> bool:
    """Whether there is an index, or one soon; why there is not is said."""
    why_not = why_no_project(root)
    if why_not is not None:
        _say(why_not)
        return False
    state = Index.open(root).state()
    if state.is_complete or state.is_building or has_few_files(root, rules):
        return True
    command = shlex.join(["codegen-lsp", "context", place, "--root", str(root)])
    _say(f"{root} is large and has no index yet: completing without it; `{command}` builds one")
    return False


def _update(root: Path, rules: Rules) -> None:
    with IndexProgress(_BAR_AFTER_S) as progress:
        try:
            build(root, rules, progress.report)
        except CodegenError as error:  # what is there can still be chosen from
            _say(str(error))


def _in_time(function: Callable[[], Result], root: Path) -> Result | None:
    """What `function` returns; None if it fails or takes too long, which is said.

    It goes on in a thread that does not keep the process from ending.
    """
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        except Exception as error:  # whatever is wrong with the user's files, completing goes on
            future.set_exception(error)

    threading.Thread(target=run, name="context", daemon=True).start()
    try:
        return future.result(PATIENCE_S)
    except TimeoutError:
        _say(f"{root} is not waited for any longer than {PATIENCE_S:.0f} s")
    except Exception as error:
        _say(f"{root} cannot be read for context: {type(error).__name__}")
    return None


def _say(remark: str) -> None:
    print(f"codegen-lsp: note: {remark}", file=sys.stderr)
