"""How one model completes a case."""

from pathlib import Path

import pytest

from codegen_lsp.evaluate.cases import Case
from codegen_lsp.prompt.model import load_model
from finetune.evaluation import outcomes as module
from finetune.evaluation.copying import Corpus
from finetune.evaluation.outcomes import Judge, Outcome
from finetune.evaluation.report import figures
from tests.adapters import tiny_base

CASE = Case(
    id="statement:a.py:1",
    language="python",
    prefix="def f(a):\n    ",
    suffix="\n",
    middle="return a",
    path="a.py",
)


def judged(base: Path) -> Outcome:
    (outcome,) = Judge(load_model(str(base)), None, None).outcomes([CASE], lambda: None)
    return outcome


def test_a_prompt_that_ends_inside_a_character_counts_in_no_mean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tiny_base(tmp_path)
    usual = judged(base)
    assert usual.nll is not None
    assert usual.nll > 0
    monkeypatch.setattr(module, "labels_of", lambda *_: None)
    without = judged(base)
    assert without.nll is None
    corpus = Corpus([])
    both, alone = figures([usual, without], corpus), figures([without], corpus)
    assert both.nll is not None
    assert both.nll.mean == usual.nll
    assert alone.nll is None
