"""Signatures of installed packages: environments, stubs and sources, what is passed on, bounds."""

from pathlib import Path

import pytest

from codegen_lsp.context.content import MAX_BYTES
from codegen_lsp.context.environments import site_packages
from codegen_lsp.context.packages import signatures
from tests.context.projects import write

SITE = ".venv/lib/python3.11/site-packages"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, [".venv/pyvenv.cfg", f"{SITE}/installed.txt"])


def install(root: Path, files: dict[str, str]) -> None:
    write(root / SITE, files)


def told(root: Path, module: str, *names: str) -> list[str]:
    return [found.signature for found in signatures(module, names, root)]


def test_the_environment_of_the_workspace(tmp_path: Path) -> None:
    assert site_packages(tmp_path) == []
    write(tmp_path, ["venv/lib/python3.9/site-packages/x.py", "env/x.py"])
    assert site_packages(tmp_path) == []  # nothing says that it is an environment
    write(tmp_path, ["venv/pyvenv.cfg", "venv/lib/python3.12/site-packages/x.py"])
    libraries = tmp_path / "venv" / "lib"
    assert site_packages(tmp_path) == [
        libraries / "python3.12" / "site-packages",
        libraries / "python3.9" / "site-packages",
    ]


def test_another_environment_counts_only_if_asked_for(tmp_path: Path, root: Path) -> None:
    other = write(tmp_path / "other", ["pyvenv.cfg", "Lib/site-packages/x.py"])
    assert site_packages(tmp_path / "none", other) == [other / "Lib" / "site-packages"]
    assert site_packages(tmp_path / "none") == []
    assert site_packages(root, other) == [root / SITE]


MODULE = '''"""Doc."""
import os

LIMIT: int = 3
lower = os.sep


def run(a: int, *, b: str = "x") -> None:
    """Runs it.

    More.
    """
    def inner(): ...


async def fetch(
    url: str,
) -> bytes:
    return b""


@decorated
class Thing(Base):
    """A thing."""

    size: int = 1

    def __init__(self, size: int) -> None:
        self.size = size

    def grow(self, by: int = 1) -> "Thing":
        """Grows."""
        def helper(): ...
        return self

    def _private(self): ...

    def __repr__(self): ...


def runner(): ...
'''


def test_functions_classes_and_constants(root: Path) -> None:
    install(root, {"one/__init__.py": "", "one/mod.py": MODULE})
    assert told(root, "one.mod", "fetch", "run", "LIMIT", "lower", "missing") == [
        "async def fetch( url: str, ) -> bytes:",
        'def run(a: int, *, b: str = "x") -> None:',
        "LIMIT: int = 3",
        "lower = os.sep",
    ]
    found = signatures("one.mod", ["Thing"], root)
    assert [(each.container, each.name, each.kind, each.docstring) for each in found] == [
        ("", "Thing", "class", "A thing."),
        ("Thing", "size", "variable", ""),
        ("Thing", "__init__", "method", ""),
        ("Thing", "grow", "method", "Grows."),
    ]
    lines = MODULE.splitlines()
    assert found[0].file == "one/mod.py"
    assert lines[found[0].start_line - 1] == "class Thing(Base):"
    assert lines[found[3].start_line - 1].startswith("    def grow(")
    assert lines[found[3].end_line - 1] == "        return self"


def test_definitions_below_a_condition(root: Path) -> None:
    text = (
        "if TYPE_CHECKING:\n    def typed() -> int: ...\n    def other(): ...\n"
        "def outer():\n    def local(): ...\n    value = 1\n"
    )
    install(root, {"one.py": text})
    assert told(root, "one", "typed", "local", "value") == ["def typed() -> int:"]


def test_a_few_overloads_are_told(root: Path) -> None:
    text = "".join(f"@overload\ndef f(a: T{number}) -> int: ...\n" for number in range(9))
    install(root, {"one.pyi": text})
    assert told(root, "one", "f") == [f"def f(a: T{number}) -> int:" for number in range(3)]


def test_stubs_come_before_sources(root: Path) -> None:
    install(
        root,
        {
            "one/__init__.py": "def f(a): ...\ndef only_here(): ...\n",
            "one/__init__.pyi": "def f(a: int) -> int: ...\n",
            "two/sub.py": "def g(a): ...\ndef h(): ...\n",
            "two-stubs/sub.pyi": "def g(a: str) -> str: ...\n",
        },
    )
    assert told(root, "one", "f", "only_here") == ["def f(a: int) -> int:", "def only_here():"]
    assert told(root, "two.sub", "g", "h") == ["def g(a: str) -> str:", "def h():"]


def test_what_a_package_passes_on(root: Path) -> None:
    install(
        root,
        {
            "one/__init__.py": (
                "from ._impl import (  # noqa\n    f,\n    _g as g,\n)\n"
                "from one.deep import Deep\nfrom .stars import *\nfrom . import mod\n"
            ),
            "one/_impl.py": "def f(): ...\ndef _g(x): ...\n",
            "one/deep/__init__.py": "from .deeper import Deep\n",
            "one/deep/deeper.py": "class Deep:\n    def m(self): ...\n",
            "one/stars.py": "def star(): ...\n",
            "one/mod.py": "def mod_function(): ...\n",
        },
    )
    assert told(root, "one", "f", "g", "Deep", "star", "mod") == [
        "def f():",
        "def _g(x):",
        "class Deep:",
        "def m(self):",
        "def star():",
    ]


def test_modules_that_take_from_each_other_end(root: Path) -> None:
    install(root, {"a.py": "from b import x\nfrom a import x\n", "b.py": "from a import x\n"})
    install(root, {"c.py": "from ..... import y\nfrom .c import *\n"})
    assert told(root, "a", "x") == []
    assert told(root, "c", "y") == []


def test_a_chain_without_end_is_left(root: Path) -> None:
    install(root, {f"m{number}.py": f"from m{number + 1} import *\n" for number in range(50)})
    install(root, {"m2.py": "def near(): ...\nfrom m3 import *\n", "m40.py": "def far(): ...\n"})
    assert told(root, "m0", "near", "far") == ["def near():"]


def test_nothing_is_run(root: Path) -> None:
    install(root, {"one.py": "raise SystemExit('imported')\ndef f(): ...\n"})
    assert told(root, "one", "f") == ["def f():"]


def test_changes_are_seen(root: Path) -> None:
    install(root, {"one.py": "def f(a): ...\n"})
    assert told(root, "one", "f") == ["def f(a):"]
    install(root, {"one.py": "def f(a, b): ...\n"})
    assert told(root, "one", "f") == ["def f(a, b):"]


def test_a_large_module_is_searched_and_a_huge_one_left_out(root: Path) -> None:
    filler = "".join(f"def f{number}(a, b): ...\n" for number in range(30_000))
    install(root, {"large.py": filler, "huge.py": filler + "#\n" * MAX_BYTES})
    assert told(root, "large", "f29999") == ["def f29999(a, b):"]
    assert told(root, "huge", "f29999") == []


def test_of_a_long_class_the_first_members_are_told(root: Path) -> None:
    lines = "Text.\n        " * 500
    body = "".join(f'    def m{n}(self):\n        """{lines}"""\n' for n in range(100))
    install(root, {"one.py": f"class Long:\n{body}\n\ndef behind(): ...\n"})
    found = told(root, "one", "Long")
    assert found[0] == "class Long:"
    assert found[1:] == [f"def m{number}(self):" for number in range(len(found) - 1)]
    assert 5 <= len(found) <= 41


@pytest.mark.parametrize(
    "text",
    [
        "class f(\n",
        "def f(a,\n" * 2000,
        "from . import (\n" * 5000 + "f",
        "\x00f = 1\xff",
        "f: ((((",
    ],
    ids=["open class", "open defs", "open imports", "binary", "open type"],
)
def test_broken_modules_do_no_harm(root: Path, text: str) -> None:
    install(root, {"one.py": text, "two.py": "def g(): ...\n"})
    signatures("one", ["f"], root)
    assert told(root, "two", "g") == ["def g():"]


@pytest.mark.parametrize("module", ["", ".", "a..b", "../two", "two/../two", "a\0b", "two "])
def test_names_of_no_module(root: Path, module: str) -> None:
    install(root, {"two.py": "def g(): ...\n"})
    assert signatures(module, ["g"], root) == []


def test_names_that_are_none(root: Path) -> None:
    install(root, {"two.py": "def g(): ...\n"})
    assert told(root, "two", "*", "g.h", "", "(", "g") == ["def g():"]


@pytest.mark.parametrize(("count", "is_found"), [(2, True), (3, False)])
def test_what_is_passed_on_is_followed_a_few_times(root: Path, count: int, is_found: bool) -> None:
    passing = {f"m{n}.py": f"from m{n + 1} import run\n" for n in range(count)}
    install(root, passing | {f"m{count}.py": "def run(): ...\n"})
    assert bool(told(root, "m0", "run")) is is_found
