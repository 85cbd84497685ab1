"""What has been measured is kept, for the same cases alone."""

from dataclasses import replace
from pathlib import Path

from codegen_lsp.evaluate.cases import Case
from finetune.evaluation.measuring import Measurement, measure
from finetune.evaluation.report import BASE
from tests.adapters import tiny_base

CASES = tuple(
    Case(
        id=f"statement:a.py:{number}",
        language="python",
        prefix="def f(a):\n    ",
        suffix="\n",
        middle=f"return a + {number}",
        path="a.py",
    )
    for number in range(3)
)


class Told:
    """A watch that notes how many cases of each part were there already."""

    def __init__(self) -> None:
        self.done: list[int] = []

    def say(self, remark: str) -> None:
        pass

    def start(self, title: str, total: int, done: int = 0) -> None:
        assert (title, total) == (BASE, 3)
        self.done.append(done)

    def advance(self, count: int) -> None:
        pass


def test_outcomes_are_kept_as_far_as_the_text_is_the_same(tmp_path: Path) -> None:
    model, told = str(tiny_base(tmp_path / "base")), Told()

    def outcomes(cases: tuple[Case, ...]) -> list[str]:
        wanted = [Measurement(BASE, 0.0, False, cases, None)]
        found = measure(wanted, model, tmp_path / "adapter", tmp_path / "kept", told)
        return [each.case for each in found[BASE]]

    names = [case.id for case in CASES]
    assert outcomes(CASES) == names
    assert outcomes(CASES) == names
    assert told.done == [0]
    # A newer commit: the same place of the same file, but another text around it.
    assert outcomes((CASES[0], replace(CASES[1], suffix="\n\nf(1)\n"), CASES[2])) == names
    assert told.done == [0, 1]
