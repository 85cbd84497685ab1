"""The names that are used in a part of a text; those of each language are in the golden tables."""

import pytest

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.references import references

TEXT = "é = 1\nload(é, path.name)\nload(other)\n"


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        (0, len(TEXT), ["é", "path", "name", "load", "other"]),
        (6, TEXT.index("\nload(o"), ["load", "é", "path", "name"]),
        (TEXT.index("(other") + 1, len(TEXT), ["other"]),
        (TEXT.index("path") + 2, TEXT.index("name") + 4, ["name"]),
        (6, 8, []),
        (0, 0, []),
    ],
)
def test_names_between_two_offsets_the_last_used_last(
    start: int, end: int, names: list[str]
) -> None:
    tree = parse("python", TEXT)
    assert tree is not None
    assert references(tree, start, end) == names
