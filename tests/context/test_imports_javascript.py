"""Imports of JavaScript and TypeScript: paths, aliases of the compiler, packages nearby."""

import json
from pathlib import Path

import pytest

from tests.context.projects import found, write


def imported(root: Path, file: str, *modules: str) -> list[str]:
    return found(root, file, "".join(f"import x from '{module}';\n" for module in modules))


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("./a", ["src/a.ts"]),
        ("./a.ts", ["src/a.ts"]),
        ("./a.js", ["src/a.ts"]),
        ("./view", ["src/view.tsx"]),
        ("./view.jsx", ["src/view.tsx"]),
        ("./folder", ["src/folder/index.ts"]),
        ("./folder/", ["src/folder/index.ts"]),
        ("./plain", ["src/plain.js"]),
        ("./plain.js", ["src/plain.js"]),
        ("./types", ["src/types.d.ts"]),
        ("./dotted.name", ["src/dotted.name.ts"]),
        (".", ["src/index.ts"]),
        ("./", ["src/index.ts"]),
        ("..", ["index.ts"]),
        ("../src/a", ["src/a.ts"]),
        ("./Widget.vue", ["src/Widget.vue"]),
        ("./style.css", []),
        ("./missing", []),
        ("../../outside", []),
        ("/src/a", []),
        ("react", []),
        ("@/a", []),
        ("src/a", []),
    ],
)
def test_paths(tmp_path: Path, module: str, expected: list[str]) -> None:
    names = ["a.ts", "view.tsx", "folder/index.ts", "plain.js", "types.d.ts", "dotted.name.ts"]
    root = write(tmp_path, [f"src/{name}" for name in [*names, "index.ts", "Widget.vue"]])
    write(root, ["index.ts", "src.ts", "src/style.css"])
    assert imported(root, "src/main.ts", module) == expected


def test_javascript_prefers_what_is_written_and_typescript_its_source(tmp_path: Path) -> None:
    root = write(tmp_path, ["a.js", "a.ts", "b.mts"])
    assert imported(root, "main.js", "./a", "./a.js", "./b.mjs") == ["a.js", "a.js", "b.mts"]
    assert imported(root, "main.tsx", "./a", "./a.js", "./b.mjs") == ["a.ts", "a.ts", "b.mts"]


def test_required_modules_and_those_loaded_late(tmp_path: Path) -> None:
    root = write(tmp_path, ["a.js", "b.js"])
    assert found(root, "main.js", "const {x} = require('./a');\nimport('./b');") == ["a.js", "b.js"]


CONFIGURATION = """\ufeff{
  // Comments, "strings" in them, and trailing commas
  "compilerOptions": {
    "baseUrl": "./src", /* https://example.org/*.ts */
    "paths": {
      "@/*": ["*"],
      "@lib/*": ["missing/*", "../lib/*",],
      "config": ["settings/config.ts"],
      "@/exact/*": ["special/*"],
    },
  },
}
"""


def test_aliases_of_the_compiler(tmp_path: Path) -> None:
    root = write(tmp_path, {"tsconfig.json": CONFIGURATION})
    write(root, ["src/a.ts", "lib/b/index.ts", "src/settings/config.ts", "src/special/c.ts"])
    modules = ["@/a", "@lib/b", "config", "@/exact/c", "a", "configs", "@other/a"]
    assert imported(root, "src/deep/main.ts", *modules) == [
        "src/a.ts",
        "lib/b/index.ts",
        "src/settings/config.ts",
        "src/special/c.ts",
        "src/a.ts",
    ]


def test_aliases_of_settings_that_are_extended(tmp_path: Path) -> None:
    paths = {"compilerOptions": {"paths": {"~/*": ["./source/*"]}}}
    root = write(
        tmp_path,
        {
            "base/tsconfig.base.json": json.dumps(paths),
            "apps/one/tsconfig.json": '{"extends": ["some-package", "../../base/tsconfig.base"]}',
            "base/source/a.ts": "",
        },
    )
    assert imported(root, "apps/one/main.ts", "~/a") == ["base/source/a.ts"]


def test_aliases_of_the_parts_of_a_project(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}, 1]}',
            "tsconfig.app.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
            "src/a.ts": "",
        },
    )
    assert imported(root, "src/main.ts", "@/a") == ["src/a.ts"]


def test_aliases_of_javascript(tmp_path: Path) -> None:
    root = write(tmp_path, {"jsconfig.json": '{"compilerOptions": {"baseUrl": "."}}', "a/b.js": ""})
    assert imported(root, "c/main.js", "a/b") == ["a/b.js"]


def test_settings_that_extend_each_other(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "tsconfig.json": '{"extends": "./other.json"}',
            "other.json": '{"extends": "./tsconfig.json", "references": [{"path": "."}]}',
        },
    )
    assert imported(root, "main.ts", "@/a") == []


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"compilerOptions": []}',
        '{"compilerOptions": {"paths": {"@/*": 1, "*": [null, {}]}, "baseUrl": 3}}',
        "[" * 60_000,
        '{"a": "' + "\\" * 60_001,
        "/*" * 60_000,
        "," * 120_000,
        '{"compilerOptions": {"baseUrl": "."}} ' + " " * 200_000,
        '{"compilerOptions": {"paths": {"@/*": ["/etc/*", "../../../*", "a\\u0000/*"]}}}',
    ],
    ids=["cut", "list", "wrong", "types", "deep", "string", "comment", "commas", "huge", "outside"],
)
def test_settings_that_make_no_sense(tmp_path: Path, text: str) -> None:
    root = write(tmp_path, {"tsconfig.json": text, "package.json": text, "a.ts": ""})
    assert imported(root, "main.ts", "@/passwd", "a", "./a") == ["a.ts"]


def test_aliases_change_with_their_file(tmp_path: Path) -> None:
    root = write(tmp_path, ["one/a.ts", "second/a.ts"])
    for folder in ("one", "second"):
        options = {"compilerOptions": {"baseUrl": folder}}
        write(root, {"tsconfig.json": json.dumps(options)})
        assert imported(root, "main.ts", "a") == [f"{folder}/a.ts"]


@pytest.mark.parametrize(
    "settings",
    [
        {"package.json": '{"workspaces": ["packages/*", "apps/**", "!packages/old"]}'},
        {"package.json": '{"workspaces": {"packages": ["./packages/*/", "apps/web/*"]}}'},
        {"pnpm-workspace.yaml": "# ours\npackages:\n  - 'packages/*'\n  # more\n  - apps/**\n"},
    ],
    ids=["list", "object", "pnpm"],
)
def test_packages_of_the_same_repository(tmp_path: Path, settings: dict[str, str]) -> None:
    root = write(tmp_path, settings)
    write(
        root,
        {
            "packages/core/package.json": '{"name": "@acme/core", "main": "dist/index.js"}',
            "packages/core/src/index.ts": "",
            "packages/core/src/deep/x.ts": "",
            "packages/ui/package.json": '{"name": "ui", "exports": {".": {"import": "./lib.mjs"}}}',
            "packages/ui/lib.mjs": "",
            "apps/web/admin/package.json": '{"name": "admin", "main": "./start.js"}',
            "apps/web/admin/start.js": "",
            "packages/node_modules/react/package.json": '{"name": "react"}',
            "packages/node_modules/react/index.js": "",
        },
    )
    modules = ["@acme/core", "@acme/core/deep/x", "ui", "admin", "react", "@acme"]
    assert imported(root, "apps/web/main.ts", *modules) == [
        "packages/core/src/index.ts",
        "packages/core/src/deep/x.ts",
        "packages/ui/lib.mjs",
        "apps/web/admin/start.js",
    ]


def test_packages_outside_the_workspace_are_not_looked_for(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"package.json": '{"workspaces": ["../*", "/*"]}'})
    write(tmp_path / "other", {"package.json": '{"name": "other"}', "index.js": ""})
    assert imported(root, "main.js", "other") == []


def test_names_that_an_index_passes_on_are_in_the_files_it_takes_them_from(tmp_path: Path) -> None:
    text = "export { One } from './one';\nexport { x as Two } from './two';\nexport * from './all';"
    root = write(tmp_path, {"lib/index.ts": text})
    write(root, ["lib/one.ts", "lib/two.ts", "lib/all.ts"])
    assert found(root, "m.ts", "import { One } from './lib'") == ["lib/one.ts", "lib/index.ts"]
    assert found(root, "m.ts", "import { Two } from './lib'") == ["lib/two.ts", "lib/index.ts"]
    assert found(root, "m.ts", "import { Three } from './lib'") == ["lib/all.ts", "lib/index.ts"]
