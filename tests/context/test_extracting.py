"""What the index keeps of a text: where chunks begin and end."""

import pytest

from codegen_lsp.context.extracting import LONGEST_DEFINITION, LONGEST_RUN, extract
from codegen_lsp.context.packing import unpack


def cuts(language: str, text: str) -> list[tuple[int, int]]:
    """First and last line of each chunk; they hold just what stands there."""
    chunks = extract("file", language, text).chunks
    lines = text.splitlines(keepends=True)
    for chunk in chunks:
        assert unpack(chunk.packed) == "".join(lines[chunk.start_line - 1 : chunk.end_line])
    return [(chunk.start_line, chunk.end_line) for chunk in chunks]


def function(name: str, lines: int, indent: str = "") -> str:
    """A function of so many lines."""
    body = "".join(f"{indent}    x{number} = {number}\n" for number in range(lines - 1))
    return f"{indent}def {name}():\n{body}"


def test_definitions_are_chunks_of_their_own() -> None:
    text = "import a\n\n\n" + function("b", 4) + "\n\n" + function("c", 5) + "\nc()\n"
    assert cuts("python", text) == [(1, 1), (4, 7), (10, 14), (16, 16)]


def test_what_stands_directly_above_a_definition_belongs_to_it() -> None:
    text = "import a\n# Says what.\n@decorated\n" + function("b", 4)
    assert cuts("python", text) == [(1, 1), (2, 7)]


def test_short_definitions_share_a_chunk() -> None:
    assert cuts("python", "A = 1\nB = 2\n\n\ndef c():\n    return A\n") == [(1, 6)]


def test_a_class_of_a_handy_size_is_one_chunk() -> None:
    text = "class A:\n" + function("b", 10, "    ") + "\n" + function("c", 10, "    ")
    assert cuts("python", text) == [(1, 22)]


def test_a_long_class_is_cut_at_its_members() -> None:
    text = "class A:\n    z = 1\n\n" + function("b", 40, "    ") + "\n" + function("c", 40, "    ")
    assert cuts("python", text) == [(1, 2), (4, 43), (45, 84)]


def test_a_long_function_is_cut_into_runs_from_its_first_line() -> None:
    text = "import a\n\n" + function("b", LONGEST_DEFINITION + 1)
    assert cuts("python", text) == [(1, 1), (3, 42), (43, 63)]


def test_text_without_a_grammar_is_cut_into_runs_at_blank_lines() -> None:
    lines = [f"key{number} = {number}\n" for number in range(100)]
    lines[34] = "\n"
    assert cuts("toml", "".join(lines)) == [(1, 34), (36, 75), (76, 100)]
    assert max(end - start for start, end in cuts("toml", "".join(lines))) < LONGEST_RUN


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n"])
def test_nothing_is_kept_of_nothing(text: str) -> None:
    assert extract("file", "python", text).chunks == ()


def test_a_line_without_an_end_is_kept() -> None:
    assert cuts("python", "a = 1") == [(1, 1)]


def test_nothing_is_lost_of_broken_code() -> None:
    text = "def f(:\n    x = [\n\nclass\n" + function("b", 5) + "}}}\n" * 90
    covered = {line for start, end in cuts("python", text) for line in range(start, end + 1)}
    assert covered >= {number for number, line in enumerate(text.splitlines(), 1) if line.strip()}


def test_a_huge_chunk_is_cut_short() -> None:
    (chunk,) = extract("file", "toml", "x" * 400 + "\n" + ("y" * 400 + "\n") * 30).chunks
    assert len(unpack(chunk.packed)) == 8_000
