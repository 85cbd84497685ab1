"""What a suggestion is not to begin with."""

import pytest

from codegen_lsp.completion.opening import unwanted_openings


@pytest.mark.parametrize(
    ("language", "prefix", "unwanted"),
    [
        ("python", "x = 1\n", ("\n", "#")),
        ("python", "def f():\n    ", ("\n", "#")),
        ("python", "x = 1", ()),
        ("typescript", "const x = 1;\n", ("\n", "//")),
        ("lua", "", ("\n", "--")),
        ("python", "# first\n", ("\n",)),
        ("python", "    # first\n\n    ", ("\n",)),
        ("python", "x = 1  # because", ()),
        ("python", "# first\nx = ", ()),
        ("python", "x = 1  # because\n", ("\n", "#")),
        ("go", "// F does\n", ("\n",)),
        ("markdown", "text\n", ("\n",)),
        ("plaintext", "text", ()),
    ],
)
def test_a_line_may_open_a_comment_only_after_a_comment(
    language: str, prefix: str, unwanted: tuple[str, ...]
) -> None:
    assert unwanted_openings("line", language, prefix) == unwanted


def test_a_block_may_begin_with_a_comment() -> None:
    assert unwanted_openings("block", "python", "def f():\n    ") == ("\n",)
    assert unwanted_openings("block", "python", "def f():") == ()
