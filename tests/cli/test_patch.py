"""Patches are what Git takes, whatever the lines end with."""

import subprocess
from pathlib import Path

import pytest

from codegen_lsp.cli.patch import patch_of

CASES = {
    "plain": ("a\nb\nc\n", "a\nB\nc\n"),
    "no newline at the end": ("a\nb", "a\nx\nb"),
    "last line changed": ("a\nb", "a\nc"),
    "newline added": ("a", "a\n"),
    "crlf": ("a\r\nb\r\n", "a\r\nx\r\nb\r\n"),
    "lone cr": ("a\rb\nc\n", "a\rx\rb\nc\n"),
    "form feed and separator": ("a\fb\u2028c\n", "a\fb\u2028c\nd\n"),
    "two hunks": ("\n".join("abcdefghijklmnop"), "\n".join("aXbcdefghijklmnoYp")),
    "byte order mark": ("\ufeffa\n", "\ufeffx\na\n"),
    "empty before": ("", "a\n"),
}
NAMES = ["plain.py", "with blank.py", 'quo"te.py', "tab\tulator.py", "größe.py", "back\\slash.py"]


def apply(folder: Path, name: str, before: str, after: str) -> str:
    """What Git makes of `before` with the patch to `after`."""
    (folder / name).write_bytes(before.encode())
    patch = patch_of(name, before, after).encode()
    subprocess.run(["git", "apply"], input=patch, cwd=folder, check=True)
    return (folder / name).read_bytes().decode()


@pytest.mark.parametrize("case", CASES)
def test_git_applies_it(tmp_path: Path, case: str) -> None:
    before, after = CASES[case]
    assert apply(tmp_path, "file.py", before, after) == after


@pytest.mark.parametrize("name", NAMES)
def test_names_are_quoted(tmp_path: Path, name: str) -> None:
    assert apply(tmp_path, name, "a\n", "b\n") == "b\n"


def test_it_names_both_sides_and_the_lines() -> None:
    assert patch_of("shop/cart.py", "a\nb\n", "a\nx\nb\n") == (
        "diff --git a/shop/cart.py b/shop/cart.py\n"
        "--- a/shop/cart.py\n"
        "+++ b/shop/cart.py\n"
        "@@ -1,2 +1,3 @@\n"
        " a\n"
        "+x\n"
        " b\n"
    )


def test_the_same_text_needs_no_patch() -> None:
    assert patch_of("a.py", "a\n", "a\n") == ""
