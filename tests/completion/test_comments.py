"""Where a suggestion of one line may begin a comment."""

import pytest

from codegen_lsp.completion.comments import unwanted_comment


@pytest.mark.parametrize(
    ("language", "prefix", "marker"),
    [
        ("python", "x = 1\n", "#"),
        ("python", "def f():\n    ", "#"),
        ("python", "x = 1", "#"),
        ("typescript", "const x = 1;\n", "//"),
        ("lua", "", "--"),
        ("python", "# first\n", ""),
        ("python", "    # first\n\n    ", ""),
        ("python", "x = 1  # because", ""),
        ("python", "# first\nx = ", "#"),
        ("python", "x = 1  # because\n", "#"),
        ("go", "// F does\n", ""),
        ("markdown", "text\n", ""),
        ("plaintext", "text\n", ""),
    ],
)
def test_a_comment_may_only_follow_a_comment(language: str, prefix: str, marker: str) -> None:
    assert unwanted_comment(language, prefix) == marker
