"""A file is replaced whole, and only while it is as it was read."""

import shutil
import stat
from pathlib import Path

import pytest

from codegen_lsp.cli.replacing_files import mark_of, replace_text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cart.py"
    path.write_bytes(b"a\r\nb")
    return path


def test_the_text_and_nothing_else_changes(file: Path) -> None:
    file.chmod(0o754)
    assert replace_text(file, "a\r\nb", "a\r\nx\r\nb")
    assert file.read_bytes() == b"a\r\nx\r\nb"
    assert stat.S_IMODE(file.stat().st_mode) == 0o754
    assert list(file.parent.iterdir()) == [file]


def test_the_byte_order_mark_stays(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfa\n")
    assert mark_of(file, "a\n") == "\ufeff"
    assert replace_text(file, "a\n", "b\n")
    assert file.read_bytes() == b"\xef\xbb\xbfb\n"


def test_a_changed_file_is_left_alone(file: Path) -> None:
    assert not replace_text(file, "something else", "new")
    assert file.read_bytes() == b"a\r\nb"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_is_gone_stays_gone(file: Path) -> None:
    file.unlink()
    assert not replace_text(file, "a\r\nb", "new")
    assert list(file.parent.iterdir()) == []


def test_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.py"
    link.symlink_to(file)
    assert replace_text(link, "a\r\nb", "new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_whoever_interrupts_finds_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copymode", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_text(file, "a\r\nb", "new")
    assert file.read_bytes() == b"a\r\nb"
    assert list(file.parent.iterdir()) == [file]


def test_a_read_only_file_is_not_replaced(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only"):
        replace_text(file, "a\r\nb", "new")
    assert file.read_bytes() == b"a\r\nb"
    assert list(file.parent.iterdir()) == [file]
