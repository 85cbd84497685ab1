"""Imports of Rust: modules in files laid out either way, crates of one workspace."""

from pathlib import Path

import pytest

from tests.context.projects import found, write

CRATE = ["src/lib.rs", "src/shapes.rs", "src/shapes/round.rs", "src/store/mod.rs", "src/store/a.rs"]


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    return write(write(tmp_path, CRATE), {"Cargo.toml": '[package]\nname = "my-crate"\n'})


@pytest.mark.parametrize(
    ("file", "statement", "expected"),
    [
        ("src/lib.rs", "mod shapes; mod store;", ["src/shapes.rs", "src/store/mod.rs"]),
        ("src/shapes.rs", "pub mod round;", ["src/shapes/round.rs"]),
        ("src/store/mod.rs", "mod a;", ["src/store/a.rs"]),
        ("src/lib.rs", "use shapes::Point;", ["src/shapes.rs"]),
        ("src/store/a.rs", "use crate::shapes::Point;", ["src/shapes.rs"]),
        ("src/store/a.rs", "use crate::shapes::round;", ["src/shapes/round.rs"]),
        ("src/store/a.rs", "use crate::shapes::round::Circle;", ["src/shapes/round.rs"]),
        ("src/store/a.rs", "use crate::shapes::Kind::{A, B};", ["src/shapes.rs"]),
        ("src/store/a.rs", "use crate::Error;", ["src/lib.rs"]),
        ("src/store/a.rs", "use super::Store;", ["src/store/mod.rs"]),
        ("src/store/a.rs", "use super::super::shapes::*;", ["src/shapes.rs"]),
        ("src/shapes/round.rs", "use super::Point;", ["src/shapes.rs"]),
        ("src/shapes.rs", "use super::store::{self, a};", ["src/store/mod.rs", "src/store/a.rs"]),
        ("src/shapes.rs", "use super::Error;", ["src/lib.rs"]),
        ("src/shapes.rs", "use self::round::Circle;", ["src/shapes/round.rs"]),
        ("src/main.rs", "use my_crate::shapes::Point;", ["src/shapes.rs"]),
        ("src/bin/tool.rs", "use my_crate::Error;", ["src/lib.rs"]),
        ("tests/it.rs", "use my_crate::store::a::X;", ["src/store/a.rs"]),
        ("src/lib.rs", "use std::fmt; use serde::Serialize; mod missing;", []),
        ("src/lib.rs", "use super::super::super::x;", []),
    ],
)
def test_paths(crate: Path, file: str, statement: str, expected: list[str]) -> None:
    assert found(crate, file, statement) == expected


def test_the_modules_of_a_test_lie_beside_it(crate: Path) -> None:
    write(crate, ["tests/common/mod.rs"])
    assert found(crate, "tests/it.rs", "mod common;") == ["tests/common/mod.rs"]


def test_crates_in_folders(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "Cargo.toml": (
                '[workspace]\nmembers = ["crates/*"]\n[workspace.dependencies]\n'
                'shared-types = { path = "crates/types" }\nserde = "1"\n'
            ),
            "crates/app/Cargo.toml": (
                '[package]\nname = "app"\n[dependencies]\nserde.workspace = true\n'
                'shared-types.workspace = true\nrenamed = { package = "x", path = "../x" }\n'
                '[dev-dependencies]\nout = { path = "../../../out" }\n'
            ),
            "crates/types/Cargo.toml": '[package]\nname = "shared-types"\n',
            "crates/types/src/lib.rs": "",
            "crates/types/src/ids.rs": "",
            "crates/x/Cargo.toml": '[package]\nname = "x"\n[lib]\npath = "source/start.rs"\n',
            "crates/x/source/start.rs": "",
            "crates/x/source/part.rs": "",
        },
    )
    write(tmp_path.parent / "out", {"Cargo.toml": '[package]\nname = "out"', "src/lib.rs": ""})
    text = "use shared_types::ids::Id; use renamed::part::P; use out::X; use serde::S; use app::Y;"
    assert found(root, "crates/app/src/main.rs", text) == [
        "crates/types/src/ids.rs",
        "crates/x/source/part.rs",
    ]


def test_names_that_a_crate_passes_on_are_in_the_files_it_takes_them_from(crate: Path) -> None:
    write(crate, {"src/lib.rs": "mod shapes;\npub use shapes::Point;\npub use store::*;\n"})
    assert found(crate, "src/main.rs", "use my_crate::Point;") == ["src/shapes.rs", "src/lib.rs"]
    assert found(crate, "src/main.rs", "use my_crate::Q;") == ["src/store/mod.rs", "src/lib.rs"]


@pytest.mark.parametrize(
    "text",
    [
        "[package",
        "package = 1",
        "[package]\nname = 3",
        "a" + ".a" * 30_000 + " = 1",
        "x = " + "[" * 9000,
    ],
    ids=["cut", "no table", "number", "long key", "deep"],
)
def test_a_broken_manifest(tmp_path: Path, text: str) -> None:
    root = write(tmp_path, {"Cargo.toml": text, "src/lib.rs": "", "src/a.rs": ""})
    assert found(root, "src/lib.rs", "mod a; use other::X;") == ["src/a.rs"]
    assert found(root, "src/a.rs", "use crate::a::X;") == ["src/a.rs"] * 0
