"""Small made-up projects, and what the imports of a text stand for in them."""

from pathlib import Path

from codegen_lsp.context.imports import resolve
from codegen_lsp.syntax.imports import imports
from codegen_lsp.syntax.languages import language_of
from codegen_lsp.syntax.parsing import parse


def write(root: Path, files: dict[str, str] | list[str]) -> Path:
    """Files by name with their text, or their names alone, below `root`; returns `root`."""
    for name, text in (
        files.items() if isinstance(files, dict) else dict.fromkeys(files, "").items()
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def found(root: Path, file: str, text: str) -> list[str]:
    """Names of the files that the imports of `text`, the content of `file`, stand for."""
    language = language_of(Path(file))
    tree = parse(language, text)
    assert tree is not None
    paths = [path for each in imports(tree) for path in resolve(each, language, root / file, root)]
    return [path.relative_to(root).as_posix() for path in paths]
