"""Functions for `bench docstrings`: which are taken, and that nothing but the docstring goes."""

from pathlib import Path

import pytest

from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.docstring_cases import Case, sample

SHOP = '''\
"""The shop."""
import os


class Cart:
    """A cart."""

    def total(self, prices):
        """Add up.

        Args:
            prices: all of them
        """

        result = sum(prices)  # all
        return result

    def short(self):
        """Too short to count."""
        return 1

    def undocumented(self, x):
        y = x
        return y


def only_prose():
    """Nothing

    but this.
    """


@decorated(
    "so"
)
def ünïcode(a, b):
    r"""Größe \\d."""
    if a:
        return b
    return None


def one_line(x): "Odd."; y = x; return y
'''
TEST = 'def helper(a):\n    """Help."""\n    b = a\n    return b\n'


def project(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def names(cases: list[Case]) -> set[str]:
    return {case.documentable.name for case in cases}


def test_functions_of_three_lines_with_a_docstring(tmp_path: Path) -> None:
    project(tmp_path, shop_py=SHOP)
    assert names(sample([tmp_path], 99, 0)) == {"total", "ünïcode"}


def test_only_the_docstring_goes(tmp_path: Path) -> None:
    project(tmp_path / "shop", shop_py=SHOP)
    case = next(
        each for each in sample([tmp_path / "shop"], 9, 0) if each.documentable.name == "total"
    )
    gone = '        """Add up.\n\n        Args:\n            prices: all of them\n        """\n\n'
    assert case.snapshot.text == SHOP.replace(gone, "")
    assert case.documentable.existing is None
    assert case.reference == "Add up.\n\nArgs:\n    prices: all of them"
    assert case.id == "shop/shop.py:8"


def test_tests_are_left_out(tmp_path: Path) -> None:
    files = {"tests__a_py": TEST, "test_b_py": TEST, "src__conftest_py": TEST, "latest__c_py": TEST}
    project(tmp_path, **files)
    assert [case.snapshot.uri.rpartition("/")[2] for case in sample([tmp_path], 9, 0)] == ["c.py"]


def test_each_folder_gives_as_many(tmp_path: Path) -> None:
    many = "\n\n".join(TEST.replace("helper", f"helper{n}") for n in range(20))
    one, two = project(tmp_path / "one", a_py=many), project(tmp_path / "two", b_py=many)
    cases = sample([one, two], 10, 0)
    assert [case.id.split("/")[0] for case in cases] == ["one"] * 5 + ["two"] * 5
    assert sample([one, two], 10, 0) == cases
    assert sample([one, two], 10, 1) != cases


def test_a_file_that_python_cannot_read_is_left_out(tmp_path: Path) -> None:
    project(tmp_path, a_py=TEST, b_py=TEST.replace("helper", "broken") + "print 'so'\n")
    assert names(sample([tmp_path], 9, 0)) == {"helper"}


def test_a_folder_without_any_is_refused(tmp_path: Path) -> None:
    project(tmp_path, a_py="x = 1\n")
    with pytest.raises(UsageError, match="has a docstring"):
        sample([tmp_path], 9, 0)
