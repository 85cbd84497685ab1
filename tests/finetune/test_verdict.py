"""When an adapter is worth switching on."""

import pytest

from finetune.evaluation.outcomes import Outcome
from finetune.evaluation.verdict import judge


def _outcomes(rights: list[bool]) -> list[Outcome]:
    return [
        Outcome(f"{number}", f"file{number}.py", right, 50.0, 1.0, False, "text")
        for number, right in enumerate(rights)
    ]


def _share(right: int, of: int = 100) -> list[Outcome]:
    return _outcomes([number < right for number in range(of)])


def test_a_gain_beyond_chance_is_worth_it() -> None:
    verdict = judge(_share(40), _share(60), _share(70), _share(69))
    assert verdict.is_better
    assert verdict.gain.mean == pytest.approx(0.2)
    assert verdict.gain.low > 0
    assert verdict.reason.startswith("better by +20.0 points")


def test_a_gain_that_chance_could_bring_is_not() -> None:
    mixed = _outcomes([number % 2 == 0 for number in range(100)])
    verdict = judge(_share(48), mixed, _share(70), _share(70))
    assert verdict.gain.mean == pytest.approx(0.02)
    assert not verdict.is_better
    assert verdict.reason.startswith("no gain that chance could not bring")


@pytest.mark.parametrize(("after", "is_better"), [(68, True), (67, False)])
def test_at_most_two_points_of_general_ability_may_be_lost(after: int, is_better: bool) -> None:
    verdict = judge(_share(40), _share(60), _share(70), _share(after))
    assert verdict.is_better is is_better
    assert ("forgotten too much: -3.0 points" in verdict.reason) is not is_better


def _of_files(rights: list[bool], files: int) -> list[Outcome]:
    return [
        Outcome(f"{number}", f"file{number % files}.py", right, 0.0, 0.0, False, "")
        for number, right in enumerate(rights)
    ]


def test_cases_of_one_file_count_together() -> None:
    one_file = _of_files([False] * 90 + [True] * 10, files=1)
    better = _of_files([True] * 100, files=1)
    others = _of_files([True] * 9, files=9)[1:]
    verdict = judge([*one_file, *others], [*better, *others], _share(70), _share(70))
    assert not verdict.is_better  # with the one file left out there is no gain
    assert verdict.reason.startswith("no gain that chance could not bring")


@pytest.mark.parametrize(
    ("files", "cases", "is_better"),
    [(1, 100, False), (2, 100, False), (7, 100, False), (8, 29, False), (8, 30, True)],
)
def test_a_few_files_or_cases_tell_nothing(files: int, cases: int, *, is_better: bool) -> None:
    before, after = (_of_files([right] * cases, files) for right in (False, True))
    verdict = judge(before, after, _share(70), _share(70))
    assert verdict.is_better is is_better
    assert (f"too few to tell: {cases} cases of {files} files" in verdict.reason) is not is_better
    assert ("raise the setting cases" in verdict.reason) is not is_better
