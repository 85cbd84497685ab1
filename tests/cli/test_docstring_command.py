"""The `docstring` command with sentences that the test makes up."""

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from codegen_lsp.cli import main
from codegen_lsp.cli.docstring_output import print_patch
from codegen_lsp.docstrings import writing
from codegen_lsp.docstrings.content import Content, Entry
from codegen_lsp.docstrings.words import Code, Wanted, Words
from codegen_lsp.errors import NotFetchedError
from codegen_lsp.prompt import model as model_module

CART = '''\
"""The cart."""


def total(prices, discount):
    return sum(prices) * (1 - discount)


def add(items, item):
    """Add an item.

    Args:
        items: my own words.
        thing: the old name.
    """
    items.append(item)


def tell():
    """Tell it."""
    print("it")


def _hidden():
    print("hidden")
'''
TOTAL = '''\
    """Do it.

    Args:
        prices: Its prices.
        discount: Its discount.

    Returns:
        Its returns.
    """
'''


class Author:
    """Writes "Its NAME" for each entry, and keeps what it was asked for."""

    asked: list[str]
    hook = staticmethod(lambda: None)

    def __init__(self, model: object) -> None:
        assert model == "a model"

    def words(self, code: Code, wanted: Wanted, cancel: threading.Event) -> Words:
        assert not cancel.is_set()
        Author.hook()
        Author.asked.append(code.documentable.name)
        sections = {
            kind: tuple(
                Entry(name, f"Its {name or kind}.") for each, name in wanted.entries if each == kind
            )
            for kind, _ in wanted.entries
        }
        return Words(Content("Do it." if wanted.summary else "", sections))


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the models that are loaded."""
    names: list[str] = []

    def load_model(name: str, **_: object) -> object:
        names.append(name)
        return "a model"

    monkeypatch.setattr(model_module, "load_model", load_model)
    monkeypatch.setattr(writing, "Writer", Author)
    monkeypatch.setattr(Author, "asked", [], raising=False)
    monkeypatch.setattr(Author, "hook", staticmethod(lambda: None))
    return names


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loads: list[str]) -> Path:
    """A Git repository with one Python file, which is the current folder."""
    assert loads == []
    root = tmp_path / "shop"
    root.mkdir()
    (root / "cart.py").write_text(CART)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    monkeypatch.chdir(root)
    return root


def run(*arguments: str) -> int:
    return main(["docstring", *arguments])


def test_check_lists_what_is_wrong(
    shop: Path, loads: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--check", ".") == 1
    assert capsys.readouterr().out == (
        "cart.py:4: total: it has no docstring\n"
        "cart.py:8: add: parameter `item` is not documented\n"
        "cart.py:8: add: `thing` is documented but not a parameter\n"
    )
    assert loads == []
    assert (shop / "cart.py").read_text() == CART


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (["--missing"], {4}),
        (["--stale"], {8}),
        (["--private"], {4, 8, 23}),
        (["cart.py:14"], {8}),
    ],
)
def test_what_is_asked_for_can_be_narrowed(
    shop: Path, capsys: pytest.CaptureFixture[str], options: list[str], lines: set[int]
) -> None:
    paths = [] if "cart.py:14" in options else [str(shop)]
    assert run("--check", *options, *paths) == 1
    assert {int(line.split(":")[1]) for line in capsys.readouterr().out.splitlines()} == lines


def test_nothing_wrong_is_status_0(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "cart.py").write_text("x = 1\n")
    assert run("--check", ".") == 0
    assert capsys.readouterr().out == ""


def test_check_needs_no_model_code(shop: Path) -> None:
    program = (
        "import sys\nfrom codegen_lsp.cli import main\n"
        "status = main(['docstring', '--check', '.'])\n"
        "sys.exit(status if not {'torch', 'transformers'} & set(sys.modules) else 9)\n"
    )
    top = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": top}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=shop, env=environment, check=False, capture_output=True
    )
    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("is_ended", [True, False])
def test_the_patch_does_what_write_does(
    shop: Path, capsysbinary: pytest.CaptureFixture[bytes], ending: str, mark: bytes, is_ended: bool
) -> None:
    text = CART if is_ended else CART.rstrip("\n")
    before = mark + text.replace("\n", ending).encode()
    (shop / "cart.py").write_bytes(before)
    assert run(".") == 0
    assert (shop / "cart.py").read_bytes() == before
    patch = capsysbinary.readouterr().out
    subprocess.run(["git", "apply"], input=patch, cwd=shop, check=True)
    patched = (shop / "cart.py").read_bytes()
    (shop / "cart.py").write_bytes(before)
    assert run("--write", ".") == 0
    assert capsysbinary.readouterr().out == b""
    assert (shop / "cart.py").read_bytes() == patched
    after = patched.decode("utf-8-sig").replace("\r\n", "\n")
    assert TOTAL in after
    assert "        items: my own words.\n        item: Its item.\n" in after
    assert "thing" not in after
    assert patched.count(b"\r\n") == (patched.count(b"\n") if ending == "\r\n" else 0)


def test_the_byte_order_mark_is_in_the_patch(
    shop: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = b"\xef\xbb\xbfdef half(number):\n    return number / 2\n"
    (shop / "cart.py").write_bytes(before)
    assert run(".") == 0
    patch = capsysbinary.readouterr().out
    subprocess.run(["git", "apply"], input=patch, cwd=shop, check=True)
    assert (shop / "cart.py").read_bytes().startswith(before[:21] + b'    """Do it.')


def test_write_says_what_it_did_and_leaves_nothing_to_do(
    shop: Path, loads: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--write", ".", "--model", "some") == 0
    assert "1 docstring written, 1 mended, 1 file\n" in capsys.readouterr().err
    assert (loads, Author.asked) == (["some"], ["total", "add"])
    written = (shop / "cart.py").read_text()
    assert run("--write", ".") == 0
    assert "0 docstrings written, 0 mended, 0 files\n" in capsys.readouterr().err
    assert (loads, (shop / "cart.py").read_text()) == (["some"], written)


def test_what_needs_no_words_needs_no_model(shop: Path, loads: list[str]) -> None:
    (shop / "cart.py").write_text(CART[CART.index("def add") :].replace("(items, item)", "(items)"))
    assert run("--write", ".") == 0
    assert "thing" not in (shop / "cart.py").read_text()
    assert loads == []


def test_one_definition_can_be_asked_for(shop: Path) -> None:
    assert run("--write", "cart.py:23") == 0
    assert Author.asked == ["_hidden"]
    assert '    """Do it."""\n    print("hidden")' in (shop / "cart.py").read_text()


def test_the_innermost_definition_is_meant(shop: Path) -> None:
    text = "class Cart:\n    def total(self, prices):\n        return sum(prices)\n"
    (shop / "cart.py").write_text(text)
    assert run("--write", "cart.py:3") == 0
    assert run("--write", "cart.py:1") == 0
    assert Author.asked == ["total", "Cart"]


def test_why_one_is_left_is_said(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--write", "cart.py:19") == 0
    said = capsys.readouterr().err
    assert "cart.py:18: tell is left: its docstring agrees with it already" in said
    assert "1 left (its docstring agrees with it already: 1), 0 files" in said
    assert (shop / "cart.py").read_text() == CART


def test_all_completes_what_is_prose_alone(shop: Path) -> None:
    (shop / "cart.py").write_text('def half(number):\n    """Halve it."""\n    return number / 2\n')
    assert run("--write", ".") == 0
    assert "Args" not in (shop / "cart.py").read_text()
    assert run("--write", "--all", ".") == 0
    assert "    Args:\n        number: Its number.\n" in (shop / "cart.py").read_text()


def test_the_style_can_be_given(shop: Path) -> None:
    assert run("--write", "--missing", "--style", "sphinx", ".") == 0
    assert "    :param prices: Its prices.\n" in (shop / "cart.py").read_text()


def test_the_style_can_be_set_where_none_is_there(shop: Path) -> None:
    (shop / ".codegen-lsp.toml").write_text('docstring_style = "numpy"\n')
    (shop / "new.py").write_text("def half(number):\n    return number / 2\n")
    assert run("--write", "new.py") == 0
    assert "    Args:\n        number: " in (shop / "new.py").read_text()  # as cart.py has it
    (shop / "cart.py").unlink()
    (shop / "new.py").write_text("def half(number):\n    return number / 2\n")
    assert run("--write", "new.py") == 0
    assert "    number\n        Its number.\n" in (shop / "new.py").read_text()


def test_the_style_is_the_projects(shop: Path) -> None:
    (shop / "new.py").write_text("def half(number):\n    return number / 2\n")
    (shop / "cart.py").write_text(
        'def total(prices):\n    """Add up.\n\n    :param prices: all\n    """\n    print(prices)\n'
    )
    assert run("--write", "new.py") == 0
    assert "    :param number: Its number.\n" in (shop / "new.py").read_text()


@pytest.mark.parametrize("option", ["--write", "--diff"])
def test_a_file_changed_meanwhile_is_left_alone(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    file = shop / "cart.py"
    monkeypatch.setattr(Author, "hook", staticmethod(lambda: file.write_text(CART + "# mine\n")))
    assert run(option, ".") == 1
    assert file.read_text() == CART + "# mine\n"
    out, err = capsys.readouterr()
    assert out == ""
    assert "cart.py is left alone: the file was changed meanwhile" in err
    assert "0 docstrings written, 0 mended, 2 left" in err


@pytest.mark.parametrize("option", ["--write", "--diff"])
def test_what_was_done_before_an_interrupt_is_kept(
    shop: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    option: str,
) -> None:
    def interrupt() -> None:
        if Author.asked:
            raise KeyboardInterrupt

    monkeypatch.setattr(Author, "hook", staticmethod(interrupt))
    assert run(option, ".") == 130
    if option == "--diff":
        patch = capsysbinary.readouterr().out
        subprocess.run(["git", "apply"], input=patch, cwd=shop, check=True)
    written = (shop / "cart.py").read_text()
    assert TOTAL in written
    assert "thing: the old name" in written


def test_a_model_that_is_not_there_is_one_line(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load_model(name: str, **_: object) -> object:
        raise NotFetchedError(f"{name} is not here")

    monkeypatch.setattr(model_module, "load_model", load_model)
    assert run(".", "--model", "none") == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == "codegen-lsp: error: none is not here"
    assert "written" not in err
    assert (shop / "cart.py").read_text() == CART


def test_json_is_one_object(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", ".") == 0
    said = json.loads(capsys.readouterr().out)
    assert [each["path"] for each in said["files"]] == ["cart.py"]
    assert said["files"][0]["patch"].startswith("diff --git a/cart.py b/cart.py\n")
    assert said["findings"][0] == {
        "path": "cart.py",
        "line": 4,
        "name": "total",
        "code": "missing",
        "messages": ["it has no docstring"],
    }
    outcome = said["outcomes"][0]
    assert (outcome["name"], outcome["style"], outcome["reason"]) == ("total", "google", None)
    assert outcome["docstring"] == TOTAL.strip()
    assert (shop / "cart.py").read_text() == CART


def test_json_of_check(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.is_dir()
    assert run("--json", "--check", ".") == 1
    said = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in said["findings"]] == ["missing", "stale"]
    assert (said["files"], said["outcomes"]) == ([], [])


def test_the_patch_fits_where_it_was_made(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = shop / "in here"
    folder.mkdir()
    (folder / "cart.py").write_text(CART)
    monkeypatch.chdir(folder)
    assert run("cart.py") == 0
    patch = capsysbinary.readouterr().out
    subprocess.run(["git", "apply"], input=patch, cwd=folder, check=True)
    assert TOTAL in (folder / "cart.py").read_text()
    assert (shop / "cart.py").read_text() == CART


def test_the_hook_of_pre_commit_checks(
    shop: Path, loads: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    hooks = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text()
    entry = next(line for line in hooks.splitlines() if line.startswith("  entry: "))
    command = entry.removeprefix("  entry: ").split()
    assert command[0] == "codegen-lsp"
    (shop / "notes.py").write_text("x = 1\n")
    assert main([*command[1:], "cart.py", "notes.py"]) == 1
    assert "cart.py:4: total" in capsys.readouterr().out
    assert main([*command[1:], "notes.py"]) == 0
    assert loads == []


def test_a_line_without_a_definition_is_refused(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shop.is_dir()
    assert run("cart.py:2") == 2
    assert "cart.py:2 is in no definition that can be documented" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--missing", "--stale"], ["--check", "--write"], ["--style", "x"]]
)
def test_what_makes_no_sense_is_refused(shop: Path, options: list[str]) -> None:
    assert shop.is_dir()
    with pytest.raises(SystemExit, match="2"):
        run(*options, ".")


def test_other_languages(shop: Path) -> None:
    (shop / "area.js").write_text("export function area(width) {\n  return width;\n}\n")
    assert run("--write", "area.js") == 0
    assert "@param width" in (shop / "area.js").read_text()


def test_a_read_only_file_does_not_stop_the_others(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "a.py").write_text(CART)
    (shop / "a.py").chmod(0o444)
    assert run("--write", ".") == 1
    said = capsys.readouterr().err
    assert "note: a.py is left alone: it cannot be written: it is read-only\n" in said
    assert "1 docstring written, 1 mended, 2 left" in said
    assert (shop / "a.py").read_text() == CART
    assert (shop / "cart.py").read_text() != CART


def test_names_that_the_output_cannot_encode(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / "cart.py").write_text("def größe():\n    pass\n", encoding="utf-8")
    output = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output, "ascii"))
    assert run("--check", ".") == 1
    assert output.getvalue() == b"cart.py:1: gr\\xf6\\xdfe: it has no docstring\n"
    print_patch("--- a/\udcff.py\n")
    assert output.getvalue().endswith(b"--- a/\xff.py\n")
