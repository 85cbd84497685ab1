"""What holds for every language: the workspace's edge, links, many imports, changes."""

import os
from pathlib import Path

import pytest

from codegen_lsp.context.imports import MOST_IMPORTS, RESOLVERS, resolve, resolve_all
from codegen_lsp.syntax.imports import Import
from tests.context.projects import found, write


def test_links_out_of_the_workspace_are_not_followed(tmp_path: Path) -> None:
    root = write(tmp_path / "root", ["main.py"])
    write(tmp_path / "outside", ["secret.py", "pkg/__init__.py", "x.go"])
    (root / "secret.py").symlink_to(tmp_path / "outside" / "secret.py")
    (root / "pkg").symlink_to(tmp_path / "outside" / "pkg")
    assert found(root, "main.py", "import secret, pkg") == []


def test_links_within_the_workspace_mean_what_they_lead_to(tmp_path: Path) -> None:
    root = write(tmp_path, ["real/a.py"])
    (root / "linked").symlink_to(root / "real")
    assert found(root, "main.py", "from linked import a") == ["real/a.py"]


def test_a_workspace_behind_a_link_keeps_its_name(tmp_path: Path) -> None:
    write(tmp_path / "real", ["a.py", "pkg/b.py", "pkg/c.py"])
    (tmp_path / "root").symlink_to(tmp_path / "real")
    root = tmp_path / "root"
    assert found(root, "main.py", "import a") == ["a.py"]
    assert found(root, "pkg/c.py", "from . import b") == ["pkg/b.py"]


def test_a_file_outside_the_workspace_finds_what_its_root_has(tmp_path: Path) -> None:
    root = write(tmp_path / "root", ["a.py"])
    write(tmp_path / "outside", ["b.py"])
    names = [Import("a", (), "", 0, 0), Import("b", (), "", 0, 0), Import("b", (), "", 1, 0)]
    files = resolve_all(names, "python", tmp_path / "outside" / "m.py", root)
    assert files == [[root / "a.py"], [], []]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    root = write(tmp_path, ["pkg/a.py"])
    (root / "pkg" / "loop").symlink_to(root)
    (root / "self.py").symlink_to(root / "self.py")
    text = "import missing, self\nfrom pkg.loop.pkg import a"
    assert found(root, "main.py", text) == ["pkg/a.py"]


def test_a_file_is_found_once_whatever_it_is_called(tmp_path: Path) -> None:
    root = write(tmp_path, {"go.mod": "module m", "p/a.go": ""})
    os.link(root / "p" / "a.go", root / "p" / "b.go")
    assert found(root, "main.go", 'package main\nimport "m/p"\n') == ["p/a.go"]


def test_a_file_does_not_import_itself(tmp_path: Path) -> None:
    root = write(tmp_path, ["a.py"])
    assert found(root, "a.py", "import a") == []


def test_folders_are_no_files(tmp_path: Path) -> None:
    root = write(tmp_path, ["a.py/b.py", "x.h/y.h"])
    assert found(root, "main.py", "import a") == []
    assert found(root, "main.c", '#include "x.h"') == []


NAMES_OF_NO_FILE = {
    "empty": "",
    "dot": ".",
    "dots": "..",
    "slash": "/",
    "backslash": "\\",
    "colons": "::",
    "null": "a\0b",
    "surrogate": "\ud800",
    "long": "x" * 5000,
    "deep": "a/" * 3000,
    "dotted": "a." * 3000,
    "home": "~/x",
}


@pytest.mark.parametrize("language", sorted(RESOLVERS))
@pytest.mark.parametrize("module", NAMES_OF_NO_FILE.values(), ids=NAMES_OF_NO_FILE.keys())
def test_names_of_no_file(tmp_path: Path, language: str, module: str) -> None:
    root = write(tmp_path, {"go.mod": "module m", "package.json": "{}", "Cargo.toml": ""})
    assert resolve(Import(module, (), "", 0, 0), language, root / "main", root) == []


def test_of_thousands_of_imports_the_first_are_looked_up(tmp_path: Path) -> None:
    root = write(tmp_path, ["a.py"])
    many = [Import("a", (), "", 0, offset) for offset in range(5000)]
    files = resolve_all(many, "python", root / "main.py", root)
    assert files == [[root / "a.py"]] * MOST_IMPORTS


def test_new_and_deleted_files_are_seen(tmp_path: Path) -> None:
    root = write(tmp_path, ["core/src/main/java/a/B.java", "app/src/main/java/x/Main.java"])
    main = "app/src/main/java/x/Main.java"
    assert found(root, main, "import c.D;") == []
    write(root, ["core/src/main/java/c/D.java"])
    assert found(root, main, "import c.D;") == ["core/src/main/java/c/D.java"]
    (root / "core/src/main/java/c/D.java").unlink()
    assert found(root, main, "import c.D;") == []


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    root = write(tmp_path, ["closed/a.py", "open.py"])
    (root / "closed").chmod(0)
    assert found(root, "main.py", "import closed.a, open") == ["open.py"]
    (root / "closed").chmod(0o700)


def test_an_unknown_language_has_no_imports(tmp_path: Path) -> None:
    assert resolve(Import("a", (), "", 0, 0), "plaintext", tmp_path / "a", tmp_path) == []
