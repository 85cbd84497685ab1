"""Imports of Python in small projects of every layout."""

from pathlib import Path

import pytest

from tests.context.projects import found, write

PACKAGE = ["pkg/__init__.py", "pkg/a.py", "pkg/sub/__init__.py", "pkg/sub/b.py", "main.py"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import pkg", ["pkg/__init__.py"]),
        ("import pkg.a as x", ["pkg/a.py"]),
        ("import pkg.a, main", ["pkg/a.py", "main.py"]),
        ("from pkg.a import Name", ["pkg/a.py"]),
        ("from pkg import a", ["pkg/a.py"]),
        ("from pkg import a, Name", ["pkg/a.py", "pkg/__init__.py"]),
        ("from pkg import *", ["pkg/__init__.py"]),
        ("from pkg.sub.b import f, g", ["pkg/sub/b.py"]),
        ("import pkg.missing", []),
        ("import numpy as np", []),
    ],
)
def test_absolute(tmp_path: Path, statement: str, expected: list[str]) -> None:
    assert found(write(tmp_path, PACKAGE), "other.py", statement) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from . import b", ["pkg/sub/b.py"]),
        ("from . import VERSION", ["pkg/sub/__init__.py"]),
        ("from .b import f", ["pkg/sub/b.py"]),
        ("from .. import a", ["pkg/a.py"]),
        ("from ..a import Name", ["pkg/a.py"]),
        ("from ... import main", ["main.py"]),
        ("from .... import outside", []),
        ("from " + "." * 99 + "a import b", []),
        ("from .missing import f", []),
    ],
)
def test_relative(tmp_path: Path, statement: str, expected: list[str]) -> None:
    assert found(write(tmp_path, PACKAGE), "pkg/sub/c.py", statement) == expected


def test_sources_below_src(tmp_path: Path) -> None:
    root = write(tmp_path, ["src/pkg/__init__.py", "src/pkg/a.py", "tests/helper.py"])
    assert found(root, "tests/test_a.py", "import pkg.a\nimport helper") == [
        "src/pkg/a.py",
        "tests/helper.py",
    ]


def test_a_project_in_a_folder_of_the_workspace(tmp_path: Path) -> None:
    root = write(tmp_path, ["backend/app/__init__.py", "backend/app/models.py", "models.py"])
    assert found(root, "backend/app/views.py", "from app.models import A") == [
        "backend/app/models.py"
    ]


def test_another_project_of_the_same_repository(tmp_path: Path) -> None:
    root = write(tmp_path, ["libs/one/pyproject.toml", "libs/one/src/one/__init__.py"])
    assert found(root, "apps/two/main.py", "import one") == ["libs/one/src/one/__init__.py"]


def test_a_workspace_that_is_the_package_itself(tmp_path: Path) -> None:
    root = write(tmp_path / "pkg", ["__init__.py", "a.py", "b.py"])
    assert found(root, "b.py", "from pkg.a import f") == ["a.py"]


def test_namespace_packages(tmp_path: Path) -> None:
    root = write(tmp_path, ["ns/one/a.py", "src/ns/two/b.py"])
    assert found(root, "main.py", "import ns\nimport ns.one.a\nfrom ns.two import b") == [
        "ns/one/a.py",
        "src/ns/two/b.py",
    ]


def test_a_module_of_a_package_is_not_seen_from_inside_without_its_package(tmp_path: Path) -> None:
    root = write(tmp_path, ["pkg/__init__.py", "pkg/requests.py"])
    assert found(root, "pkg/a.py", "import requests") == []


def test_the_standard_library_comes_before_a_file_beside(tmp_path: Path) -> None:
    root = write(tmp_path, ["tools/types.py", "tools/own.py"])
    assert found(root, "tools/a.py", "import types\nimport own") == ["tools/own.py"]


def test_a_stub_stands_for_the_module_beside_it(tmp_path: Path) -> None:
    root = write(tmp_path, ["pkg/__init__.py", "pkg/fast.pyi", "pkg/fast.py"])
    assert found(root, "main.py", "from pkg.fast import f") == ["pkg/fast.pyi"]


def test_a_package_comes_before_a_module_of_its_name(tmp_path: Path) -> None:
    root = write(tmp_path, ["a.py", "a/__init__.py"])
    assert found(root, "main.py", "import a") == ["a/__init__.py"]


def test_names_that_a_package_passes_on_are_in_the_files_it_takes_them_from(tmp_path: Path) -> None:
    text = "from .a import One, Other\nfrom .b import _two as Two\nfrom .c import *\n"
    root = write(tmp_path, ["pkg/a.py", "pkg/b.py", "pkg/c.py"])
    write(root, {"pkg/__init__.py": text})
    assert found(root, "m.py", "from pkg import One") == ["pkg/a.py", "pkg/__init__.py"]
    assert found(root, "m.py", "from pkg import Two") == ["pkg/b.py", "pkg/__init__.py"]
    assert found(root, "m.py", "from pkg import Three") == ["pkg/c.py", "pkg/__init__.py"]


def test_what_is_passed_on_is_read_again_when_it_changes(tmp_path: Path) -> None:
    root = write(
        tmp_path, {"pkg/__init__.py": "from .a import X\n", "pkg/a.py": "", "pkg/b.py": ""}
    )
    assert found(root, "m.py", "from pkg import X")[0] == "pkg/a.py"
    write(root, {"pkg/__init__.py": "from .b import X  # moved\n"})
    assert found(root, "m.py", "from pkg import X")[0] == "pkg/b.py"


def test_packages_that_import_each_other(tmp_path: Path) -> None:
    root = write(
        tmp_path, {"a/__init__.py": "from b import X\n", "b/__init__.py": "from a import X\n"}
    )
    assert found(root, "m.py", "from a import X") == ["b/__init__.py", "a/__init__.py"]
    assert found(root, "a/__init__.py", "from b import X") == ["b/__init__.py"]


def test_broken_code_in_a_package_does_no_harm(tmp_path: Path) -> None:
    root = write(tmp_path, {"pkg/__init__.py": "from (((\x00 import\n" * 50})
    assert found(root, "m.py", "from pkg import X") == ["pkg/__init__.py"]
