"""What the text of a file says without being understood."""

from pathlib import Path

import pytest

from codegen_lsp.context.sources import (
    LARGEST,
    has_word,
    is_dynamic_class,
    is_dynamic_module,
    passes_everything,
    text_of_file,
)


@pytest.mark.parametrize(
    ("text", "word", "is_there"),
    [
        ("a = shop.open()", "open", True),
        ("open", "open", True),
        ("reopen = opened", "open", False),
        ("reopen = opened(open)", "open", True),
        ("$open = 1", "open", False),
        ("", "open", False),
    ],
)
def test_words_are_whole(text: str, word: str, is_there: bool) -> None:
    assert has_word(text, word) is is_there


@pytest.mark.parametrize(
    ("text", "is_class", "is_module"),
    [
        ("class A:\n    def __getattr__(self, name): ...\n", True, False),
        ("class A:\n    def __getattribute__(self, name): ...\n", True, False),
        ("def __getattr__(name): ...\n", True, True),
        ("for name in names:\n    setattr(A, name, 1)\n", True, True),
        ("globals().update(found)\n", True, True),
        ("await create_subprocess_exec(command)\n", False, False),
        ("def exec(self): ...\n", False, False),
        ("load_vars(path)\n", False, False),
        ("getattr(value, name)\n", False, False),
        ("return new Proxy(target, handler)", True, True),
        ("self.setattr(name)\n", False, False),
    ],
)
def test_names_made_at_run_time(text: str, is_class: bool, is_module: bool) -> None:
    assert (is_dynamic_class(text), is_dynamic_module(text)) == (is_class, is_module)


@pytest.mark.parametrize(
    ("text", "is_all"),
    [
        ("from a import *\n", True),
        ("from a import *  # noqa\n", True),
        ("from a import (*)\n", True),
        ("export * from './a'", True),
        ("import * as a from './a'\n", False),
        ("from a import b\nc = d * e\n", False),
    ],
)
def test_taking_everything(text: str, is_all: bool) -> None:
    assert passes_everything(text) is is_all


def test_files_are_read_as_they_are_now(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    assert text_of_file(file) is None
    file.write_text("first")
    assert text_of_file(file) == "first"
    file.write_text("x" * (LARGEST + 1))
    assert text_of_file(file) is None
