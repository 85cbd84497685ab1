"""Callers and the usual style, as the other files of a folder have them."""

from pathlib import Path

import pytest

from codegen_lsp.text import Snapshot
from codegen_lsp.worker.usage import Usage, UsageFinder
from tests.context.indexed import RULES, index_files, write

NUMPY = '''"""Areas."""


def area(side):
    """Compute the area.

    Parameters
    ----------
    side
        Of the square.
    """
    return side * side
'''


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))


def usage(root: Path, path: Path, name: str, language: str = "python") -> Usage:
    finder = UsageFinder([root], RULES)
    return finder.find(Snapshot(path.as_uri(), 1, language, ""), name)


def test_callers_are_lines_of_other_files_that_may_be_read(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    files = {
        "till.py": "def pay(sum): ...\n\npay(0)\n",
        "a.py": "def main():\n    pay(1)\n    repay(2)\n    # def pay(\n",
        "b.py": "if x:\n    pay(1)\n",
        "secret.py": "pay(3)\n",
    }
    index_files(shop, files)
    write(shop, {".codegenignore": "secret.py\n"})
    assert usage(shop, shop / "till.py", "pay").callers == ("pay(1)",)


def test_the_style_is_that_of_the_folder_in_that_language(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    write(shop, {"area.py": NUMPY, "other.js": "/** Do it. */\nfunction f() {}\n"})
    assert usage(shop, shop / "new.py", "f") == Usage((), "numpy")
    assert usage(shop, shop / "new.js", "f", "javascript") == Usage()


def test_a_document_outside_has_nothing_to_take(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    write(shop, {"area.py": NUMPY})
    assert usage(shop, tmp_path / "new.py", "area") == Usage()
