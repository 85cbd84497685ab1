"""Imports of Go: packages are folders of modules."""

from pathlib import Path

from tests.context.projects import found, write


def imported(root: Path, file: str, *packages: str) -> list[str]:
    lines = "".join(f'\t"{package}"\n' for package in packages)
    return found(root, file, f"package main\n\nimport (\n{lines})\n")


def test_a_package_is_all_files_of_its_folder_but_tests(tmp_path: Path) -> None:
    root = write(tmp_path, ["store/b.go", "store/a.go", "store/a_test.go", "store/readme.md"])
    write(root, {"go.mod": "module example.org/shop // ours\n\ngo 1.22\n", "main.go": ""})
    assert imported(root, "cmd/main.go", "fmt", "example.org/shop/store", "example.org/shops") == [
        "store/a.go",
        "store/b.go",
    ]
    assert imported(root, "cmd/main.go", "example.org/shop") == ["main.go"]


def test_modules_in_folders_that_replace_others(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "app/go.mod": (
                "module example.org/app\n"
                "replace example.org/one => ../one\n"
                "replace (\n\texample.org/two v1.2.3 => ./two // local\n"
                "\texample.org/far => example.org/fork v1.0.0\n"
                "\texample.org/out => ../../out\n)\n"
            ),
            "one/p/a.go": "",
            "app/two/b.go": "",
        },
    )
    write(tmp_path.parent / "out", ["c.go"])
    packages = ["one/p", "two", "far", "out"]
    assert imported(root, "app/main.go", *(f"example.org/{name}" for name in packages)) == [
        "one/p/a.go",
        "app/two/b.go",
    ]


def test_modules_of_one_work_file(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "go.work": "go 1.22\n\nuse (\n\t./one\n\t./two // second\n)\n",
            "one/go.mod": "module example.org/one",
            "two/go.mod": "module example.org/two/v2",
            "two/p/a.go": "",
        },
    )
    assert imported(root, "one/main.go", "example.org/two/v2/p") == ["two/p/a.go"]


def test_the_innermost_module_counts(tmp_path: Path) -> None:
    root = write(tmp_path, {"go.mod": "module a\nreplace a/b => ./other\n", "other/x.go": ""})
    write(root, ["b/y.go"])
    assert imported(root, "main.go", "a/b") == ["other/x.go"]


def test_without_a_module_or_with_a_broken_one_nothing_is_found(tmp_path: Path) -> None:
    root = write(tmp_path, {"p/a.go": "", "broken/go.mod": "modul x", "broken/p/a.go": ""})
    assert imported(root, "main.go", "p", "x/p") == []
    assert imported(root, "broken/main.go", "p", "x/p") == []


def test_a_package_of_very_many_files_is_cut(tmp_path: Path) -> None:
    root = write(tmp_path, {"go.mod": "module m"})
    write(root, [f"p/f{number:03}.go" for number in range(120)])
    assert imported(root, "main.go", "m/p") == [f"p/f{number:03}.go" for number in range(50)]
