"""What a replay types: which pieces of a file, and with which keys."""

from itertools import pairwise
from pathlib import Path

import pytest

from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.replay_text import (
    LONGEST_LINES,
    Source,
    choose,
    keys_for,
    next_key,
    pieces,
    read_sources,
)

CODE = """\
import os

def first(path):
    '''Say.'''

    return path


class Second:
    def one(self):
        return 1
    def two(self):
        return 2

x = 1
"""


def source(text: str, name: str = "a.py") -> Source:
    return Source(name, "python", text)


def texts(code: str) -> list[str]:
    return [code[each.start : each.end] for each in pieces(source(code))]


def test_a_piece_is_a_line_and_the_deeper_ones_below_it() -> None:
    function, class_ = texts(CODE)
    assert function == "def first(path):\n    '''Say.'''\n\n    return path"
    assert class_.startswith("class Second:\n")
    assert class_.endswith("        return 2")


def test_a_long_block_is_cut_and_what_is_left_of_it_gives_no_overlap() -> None:
    code = "def f():\n" + "".join(f"    x{number} = 0\n" for number in range(40))
    first = texts(code)[0]
    assert first.count("\n") == LONGEST_LINES - 1
    found = pieces(source(code))
    assert all(one.end < two.start for one, two in pairwise(found))


def test_the_cursor_waits_behind_the_indentation() -> None:
    piece = pieces(source("    if x:\n        y()\n        z()\n"))[0]
    assert piece.before() == "    "
    assert piece.truth("suffix").startswith("if x:\n        y()")


def test_a_file_without_blocks_gives_runs_of_lines() -> None:
    code = "".join(f"x{number} = 0\n" for number in range(30))
    assert "\n".join(texts(code)) + "\n" == code
    assert texts("x = 1\n") == []


def test_the_text_to_come_is_in_no_part_of_the_buffer() -> None:
    function = pieces(source(CODE))[0]
    assert function.before() == "import os\n\n"
    assert function.below("suffix").startswith("\n\n\nclass Second")
    assert function.below("no-suffix") == ""
    assert function.before() + function.truth("suffix") + function.below("suffix") == CODE
    assert function.before() + function.truth("no-suffix") == CODE
    assert "first" not in function.before() + function.below("suffix")


def test_every_file_gives_one_piece_before_any_gives_two() -> None:
    sources = [source(CODE, name) for name in "abc"]
    chosen = choose(sources, 4, seed=1)
    assert sorted(each.source.name for each in chosen[:3]) == ["a", "b", "c"]
    assert len(chosen) == 4
    assert len(choose(sources, 99, seed=1)) == 6


def test_the_seed_alone_decides_what_is_typed() -> None:
    sources = [source(CODE, name) for name in "abcdefgh"]
    assert choose(sources, 5, seed=1) == choose(sources, 5, seed=1)
    assert any(choose(sources, 5, seed=1) != choose(sources, 5, seed=each) for each in range(2, 9))


def test_a_key_is_a_character() -> None:
    assert next_key("x = ", "foo()") == "f"
    assert next_key("", "    x") == " "


@pytest.mark.parametrize(
    ("before", "rest", "key"),
    [
        ("    x = 1", "\n    y", "\n    "),
        ("    if x:", "\n        y", "\n    "),
        ("        return", "\n    y", "\n    "),
        ("    x", "\n\n    y", "\n"),
        ("    x\n", "\n    y", "\n    "),
        ("\tx", "\n    y", "\n"),
        ("x", "\n", "\n"),
    ],
)
def test_enter_brings_the_indentation_that_an_editor_knows(
    before: str, rest: str, key: str
) -> None:
    assert next_key(before, rest) == key


def test_keys_are_counted_as_they_are_pressed() -> None:
    assert keys_for("    x", "\n    yz\n\n    if") == len("Eyz") + len("E") + len("Eif")
    assert keys_for("x", "") == 0


def test_a_folder_gives_its_code_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.py", "a.ts", "deep/c.go", ".git/d.py", "data.json", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x\n")
    (tmp_path / "latin.py").write_bytes(b"# \xe9\n")
    (tmp_path / "large.py").write_text("x" * 1_000_001)
    found = read_sources(tmp_path)
    assert [(each.name, each.language) for each in found] == [
        ("a.ts", "typescript"),
        ("b.py", "python"),
        ("deep/c.go", "go"),
    ]


def test_line_ends_become_plain_newlines(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x\r\ny\rz\n")
    assert read_sources(path)[0].text == "x\ny\nz\n"


def test_what_cannot_be_typed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_sources(tmp_path / "none.py")
    with pytest.raises(UsageError, match="no file of code"):
        read_sources(tmp_path)
    (tmp_path / "latin.py").write_bytes(b"# \xe9\n")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_sources(tmp_path / "latin.py")
    with pytest.raises(UsageError, match="nothing to type"):
        choose([source("x\n")], 1, seed=0)
