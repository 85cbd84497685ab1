"""What the tests of the index share."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from codegen_lsp.context.files import Rules
from codegen_lsp.context.indexing import build
from codegen_lsp.context.reading import Reading, Task, read_file

RULES = Rules()


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files, by their names, into the workspace `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def index_files(root: Path, files: Mapping[str, str]) -> None:
    """Write files into the workspace `root` and build its index."""
    write(root, files)
    assert build(root, RULES)


def readings_in_process(tasks: Iterable[Task], processes: int) -> Iterator[tuple[Task, Reading]]:
    """Stands in for `readers.readings` where other processes would only take their time."""
    for task in tasks:
        yield task, read_file(task)
