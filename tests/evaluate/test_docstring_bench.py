"""`bench docstrings`: what is written, kept, judged and reported, with a model that is told."""

import json
import threading
from pathlib import Path

import pytest

from codegen_lsp.cli import main
from codegen_lsp.docstrings.content import Content, Entry, SectionKind
from codegen_lsp.docstrings.words import Code, Wanted, Words
from codegen_lsp.engine.base import Request
from codegen_lsp.evaluate import docstring_writers
from codegen_lsp.evaluate.docstring_writers import docstring_in
from codegen_lsp.prompt import model as model_module
from codegen_lsp.prompt.model import Model
from tests.scripted_models import TOKENIZER, scripted_model

SHOP = '''\
"""The shop."""


def total(prices: list[float]) -> float:
    """Add up the prices."""
    result = sum(prices)
    return result


def item(prices: list[float], number: int) -> float:
    """Return one of the prices."""
    if number < 0:
        raise ValueError("negative")
    return prices[number]
'''
ANSWER = '```python\ndef total(prices):\n    """Add up \\d the prices"""\n```'


class Author:
    """Writes "The NAME." for each entry, and has the engine read each prompt once."""

    def __init__(self, model: Model) -> None:
        self.engine = model.engine

    def words(self, code: Code, wanted: Wanted, cancel: threading.Event) -> Words:
        del cancel
        list(self.engine.generate(Request([1, 2, 3], frozenset(), 4)))
        if code.documentable.name == "item":
            return Words(Content())
        sections: dict[SectionKind, tuple[Entry, ...]] = {
            kind: (Entry(name, f"The {name or kind}."),) for kind, name in wanted.entries
        }
        return Words(Content("Add up the prices.", sections), ("prices",))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two functions, and a model for both ways."""
    monkeypatch.setattr(docstring_writers, "Writer", Author)
    monkeypatch.setitem(TOKENIZER.control_ids, "<|im_start|>", 1)
    monkeypatch.setitem(TOKENIZER.control_ids, "<|im_end|>", 2)
    answer = TOKENIZER.encode(ANSWER)
    model = scripted_model([[], answer, [], answer])
    monkeypatch.setattr(model_module, "load_model", lambda name, **_: model)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.py").write_text(SHOP)
    return tmp_path / "shop"


def bench(*arguments: str) -> int:
    return main(["bench", "docstrings", *arguments])


def test_both_ways_are_judged(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench(str(shop), "--free", "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    ours, free = figures["ours"], figures["free"]
    assert (ours["functions"], ours["written"]) == (2, 0.5)
    assert (ours["ruff_clean"], ours["pydoclint_clean"], ours["code_changed"]) == (1, 1, 0)
    assert (ours["replaced"], ours["prompt_reads"]) == (1, 1)
    assert ours["reasons"] == {"no_words": 1}
    assert (free["written"], free["ruff_clean"], free["pydoclint_clean"]) == (1, 0, 0)
    assert {"D301", "DOC101", "DOC201"} <= set(free["codes"])
    assert ours["chrf"] > 0
    assert (figures["style"], figures["seed"]) == ("google", 0)


def test_rows_are_not_written_again(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = shop.parent / "rows.jsonl"
    assert bench(str(shop), "--rows", str(rows), "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert len(rows.read_text().splitlines()) == 2
    monkeypatch.setattr(model_module, "load_model", None)
    assert bench(str(shop), "--rows", str(rows), "--json") == 0
    assert json.loads(capsys.readouterr().out) == first
    assert len(rows.read_text().splitlines()) == 2


def test_a_sample_is_shown(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench(str(shop), "--free", "--sample", "9") == 0
    said = capsys.readouterr().out
    assert "def total(prices: list[float]) -> float:\n    result = sum(prices)\n" in said
    assert "--- ours\nAdd up the prices.\n\nArgs:\n    prices: The prices.\n" in said
    assert "--- free (" in said
    assert "--- author\nReturn one of the prices.\n" in said
    assert "written                                50.0%      100.0%" in said
    assert json.loads(said.splitlines()[-1])["ours"]["functions"] == 2


def test_other_rows_are_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = shop.parent / "rows.jsonl"
    rows.write_text('{"id": 1}\n')
    assert bench(str(shop), "--rows", str(rows)) == 2
    assert "does not hold rows of this bench" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(str(tmp_path / "none")) == 2
    assert "is not a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('"""Add up."""', "Add up."),
        ('Sure!\n```python\ndef f():\n    """Add\n\n    up."""\n    x\n```', "Add\n\nup."),
        ("'''Add up.'''", "Add up."),
        ("```\nAdd up.\n```", "Add up."),
        ("```python\nAdd up.", "Add up."),
        ("Add up.\n", "Add up."),
        ("```python\n@wrap\ndef f():\n    return 1\n```", ""),
        ('"""\n"""', ""),
        ("", ""),
    ],
)
def test_the_docstring_in_an_answer(answer: str, words: str) -> None:
    assert docstring_in(answer) == words
