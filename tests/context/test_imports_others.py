"""Imports of Java, Kotlin, C, C++, C#, PHP, Ruby, Lua, Bash and Swift."""

from pathlib import Path

import pytest

from tests.context.projects import found, write

JAVA = ["a/b/Own.java", "a/b/Other.java", "a/c/Far.java", "a/c/Tools.kt", "a/c/note.txt"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a.b.Other;", ["a/b/Other.java"]),
        ("import a.c.*;", ["a/c/Far.java", "a/c/Tools.kt"]),
        ("import a.c.Far.Inner;", ["a/c/Far.java"]),
        ("import static a.c.Far.method;", ["a/c/Far.java"]),
        ("import static a.c.Far.*;", ["a/c/Far.java"]),
        ("import java.util.List; import org.junit.*;", []),
    ],
)
@pytest.mark.parametrize("root_of_sources", ["", "src/main/java/", "app/code/", "src/"])
def test_java(tmp_path: Path, root_of_sources: str, text: str, expected: list[str]) -> None:
    root = write(tmp_path, [root_of_sources + name for name in JAVA])
    names = [root_of_sources + name for name in expected]
    assert found(root, f"{root_of_sources}a/b/Own.java", text) == names


def test_java_finds_the_sources_of_other_modules(tmp_path: Path) -> None:
    root = write(tmp_path, ["core/src/main/java/a/Core.java", "libs/x/src/main/kotlin/a/x/X.kt"])
    write(root, ["plain/src/a/y/Y.java"])
    text = "import a.Core;\nimport a.x.X;\nimport a.y.Y;"
    assert found(root, "app/src/test/java/a/AppTest.java", text) == [
        "core/src/main/java/a/Core.java",
        "libs/x/src/main/kotlin/a/x/X.kt",
        "plain/src/a/y/Y.java",
    ]


def test_kotlin(tmp_path: Path) -> None:
    files = ["a/Shape.kt", "a/Extensions.kt", "a/Old.java"]
    root = write(tmp_path, [f"src/commonMain/kotlin/{name}" for name in files])
    text = "import a.Shape as S\nimport a.Old\nimport a.area\n"
    assert found(root, "src/jvmMain/kotlin/b/Main.kt", text) == [
        f"src/commonMain/kotlin/{name}" for name in ("a/Shape.kt", "a/Old.java")
    ] + [f"src/commonMain/kotlin/{name}" for name in ("a/Extensions.kt", "a/Shape.kt")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('#include "own.h"', ["src/net/own.h"]),
        ("#include <own.h>", []),
        ('#include "../util.h"', ["src/util.h"]),
        ('#include "util.h"', ["src/util.h"]),
        ("#include <acme/api.hpp>", ["include/acme/api.hpp"]),
        ('#include "top.h"', ["top.h"]),
        ('#include "src/util.h"', ["src/util.h"]),
        ("#include <vector>\n#include <stdio.h>", []),
        ('#include "../../../etc/passwd"', []),
        ('#include "/etc/passwd"', []),
    ],
)
def test_includes(tmp_path: Path, text: str, expected: list[str]) -> None:
    root = write(tmp_path, ["src/net/own.h", "src/util.h", "include/acme/api.hpp", "top.h"])
    for ending in ("c", "cpp"):
        assert found(root, f"src/net/main.{ending}", text) == expected


def test_files_whose_names_differ_in_case_are_not_confused(tmp_path: Path) -> None:
    root = write(tmp_path, ["Util.h", "util.h", "Util.py", "util.py"])
    assert found(root, "a.c", '#include "util.h"\n#include "Util.h"') == ["util.h", "Util.h"]
    assert found(root, "a.py", "import Util\nimport util") == ["Util.py", "util.py"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "using Acme.Shop.Orders;",
            ["src/Acme.Shop/Orders/Line.cs", "src/Acme.Shop/Orders/Order.cs"],
        ),
        ("using static Acme.Shop.Orders.Line;", ["src/Acme.Shop/Orders/Line.cs"]),
        ("using L = Acme.Shop.Orders.Line;", ["src/Acme.Shop/Orders/Line.cs"]),
        ("using Acme.Web.Pages;", ["web/Pages/Home.cs"]),
        ("using Plain.Space;", ["Plain/Space/X.cs"]),
        ("using System.Linq; using Acme.Shop.Missing;", []),
    ],
)
def test_csharp(tmp_path: Path, text: str, expected: list[str]) -> None:
    root = write(tmp_path, ["Order.cs", "Line.cs"])
    write(root, ["src/Acme.Shop/Orders/Order.cs", "src/Acme.Shop/Orders/Line.cs"])
    write(root, ["web/Acme.Web.csproj", "web/Pages/Home.cs", "Plain/Space/X.cs"])
    assert found(root, "web/Program.cs", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use App\\Models\\User;", ["app/Models/User.php"]),
        ("use App\\{Models\\User, Kernel};", ["app/Kernel.php"]),
        ("use App\\Models\\{User as U, Missing};", ["app/Models/User.php"]),
        ("use App\\Special\\One;", ["special/One.php"]),
        ("use Tests\\Case_;", ["tests/Case_.php"]),
        ("use Vendor\\Thing; use Closure;", []),
        ("require 'helper.php'; require_once '../index.php';", ["app/helper.php", "index.php"]),
        ("include '/etc/passwd.php';", []),
    ],
)
def test_php(tmp_path: Path, text: str, expected: list[str]) -> None:
    composer = (
        '{"autoload": {"psr-4": {"App\\\\": "app/", "App\\\\Special\\\\": ["none/", "special/"]}},'
        ' "autoload-dev": {"psr-4": {"Tests\\\\": "tests/", "Bad\\\\": 1}}}'
    )
    root = write(tmp_path, {"composer.json": composer})
    write(root, ["app/Models/User.php", "app/Kernel.php", "special/One.php", "tests/Case_.php"])
    write(root, ["app/helper.php", "index.php"])
    assert found(root, "app/main.php", f"<?php\n{text}\n") == expected


def test_php_without_composer(tmp_path: Path) -> None:
    root = write(tmp_path, ["src/Foo/Bar.php"])
    assert found(root, "main.php", "<?php\nuse Foo\\Bar;\n") == ["src/Foo/Bar.php"]


def test_ruby(tmp_path: Path) -> None:
    root = write(tmp_path, ["lib/shop.rb", "lib/shop/order.rb", "spec/helper.rb"])
    text = "require 'json'\nrequire 'shop/order'\nrequire_relative 'helper'\nload 'lib/shop.rb'\n"
    assert found(root, "spec/order_spec.rb", text) == [
        "lib/shop/order.rb",
        "spec/helper.rb",
        "lib/shop.rb",
    ]


def test_lua(tmp_path: Path) -> None:
    root = write(tmp_path, ["lua/plug/init.lua", "lua/plug/util.lua", "near.lua"])
    text = "local a = require('plug')\nlocal b = require 'plug.util'\nrequire('near')\nrequire('x')"
    assert found(root, "lua/plug/main.lua", text) == [
        "lua/plug/init.lua",
        "lua/plug/util.lua",
        "near.lua",
    ]


def test_bash(tmp_path: Path) -> None:
    root = write(tmp_path, ["bin/common.sh", "lib/log.sh"])
    text = 'source ./common.sh\n. lib/log.sh\nsource "$HOME/x.sh"\n. /etc/profile\n'
    assert found(root, "bin/run.sh", text) == ["bin/common.sh", "lib/log.sh"]


def test_swift_imports_no_files(tmp_path: Path) -> None:
    root = write(tmp_path, ["Sources/Shop/Order.swift"])
    assert found(root, "Sources/App/main.swift", "import Shop\n") == []
