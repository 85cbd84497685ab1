"""Which workspace folder holds a document."""

import sys
from pathlib import Path

import pytest

from codegen_lsp.context.locating import locate


def test_a_document_is_named_from_its_folder(tmp_path: Path) -> None:
    uri = (tmp_path / "shop" / "naïve file.py").as_uri()
    assert locate(uri, [tmp_path / "other", tmp_path]) == (tmp_path, "shop/naïve file.py")


def test_the_first_of_the_folders_counts(tmp_path: Path) -> None:
    uri = (tmp_path / "inner" / "a.py").as_uri()
    assert locate(uri, [tmp_path / "inner", tmp_path]) == (tmp_path / "inner", "a.py")
    assert locate(uri, [tmp_path, tmp_path / "inner"]) == (tmp_path, "inner/a.py")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "nonsense",
        "untitled:one.py",
        "vscode-notebook-cell:{here}/one.py",
        "file://server{here}/one.py",
        "file://[x",
        "file://{here}/../one.py",
        "file://{here}%00/one.py",
        "file:///elsewhere/one.py",
    ],
)
def test_what_is_elsewhere_is_in_no_folder(tmp_path: Path, uri: str) -> None:
    assert locate(uri.format(here=tmp_path.as_posix()), [tmp_path]) is None


def test_dots_in_a_path_are_taken_out(tmp_path: Path) -> None:
    uri = f"{tmp_path.as_uri()}/gone/../a.py"
    assert locate(uri, [tmp_path]) == (tmp_path, "a.py")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights of their own there")
def test_a_folder_known_by_a_link_holds_what_is_opened_by_its_real_path(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    assert locate((real / "a.py").as_uri(), [link]) == (link, "a.py")
    assert locate((link / "a.py").as_uri(), [real]) == (real, "a.py")
    assert locate((link / "a.py").as_uri(), [link]) == (link, "a.py")
