"""The cases that are cut from what is held out."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from codegen_lsp.evaluate.cases import Case
from finetune.held_out import drawn_cases, held_out_cases
from finetune.splitting import HeldOut, Split, split
from tests.finetune.repositories import commit, module

MODULES = {f"shop/m{n}.py": module(f"m{n}", 12) for n in range(20)}


def by_file(folder: Path) -> Split:
    commit(folder, MODULES)
    return split(folder, cases=60)


def test_cases_are_the_files_in_three_parts(tmp_path: Path) -> None:
    found = by_file(tmp_path)
    held_out = {each.file.path for each in found.held_out}
    cases = held_out_cases(found, 60, seed=1)
    assert len(cases) == 60
    assert len({case.id for case in cases}) == 60
    for case in cases:
        assert case.prefix + case.middle + case.suffix == MODULES[case.path]
        assert case.path in held_out
        assert case.middle.strip()
        assert case.language == "python"
    inside = sum(bool(case.prefix.rpartition("\n")[2].strip()) for case in cases)
    assert 0.3 < inside / 60 < 0.85
    kinds = {case.id.partition(":")[0] for case in cases}
    assert {"statement", "end_of_line", "arguments"} <= kinds
    assert not kinds & {"empty", "random"}


def test_the_seed_decides(tmp_path: Path) -> None:
    found = by_file(tmp_path)
    assert held_out_cases(found, 40, seed=1) == held_out_cases(found, 40, seed=1)
    assert held_out_cases(found, 40, seed=1) != held_out_cases(found, 40, seed=2)
    assert held_out_cases(found, 20, seed=1) == held_out_cases(found, 40, seed=1)[:20]


def test_every_file_gives_one_before_any_gives_a_second(tmp_path: Path) -> None:
    found = by_file(tmp_path)
    count = len(found.held_out)
    assert count > 2
    cases = held_out_cases(found, count, seed=1)
    assert {case.path for case in cases} == {each.file.path for each in found.held_out}


def test_no_two_cases_share_a_character(tmp_path: Path) -> None:
    by_path: dict[str, list[Case]] = {}
    for case in held_out_cases(by_file(tmp_path), 200, seed=1):
        by_path.setdefault(case.path, []).append(case)
    for cases in by_path.values():
        spans = sorted((len(case.prefix), len(case.prefix + case.middle)) for case in cases)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_by_time_only_new_lines_are_asked_for(tmp_path: Path) -> None:
    since = commit(tmp_path, MODULES)
    grown = MODULES["shop/m1.py"] + "\n" + module("grown", 6)
    commit(tmp_path, {"shop/m1.py": grown})
    found = split(tmp_path, since)
    cases = held_out_cases(found, 30, seed=1)
    assert len(cases) > 5
    new = grown.index("def grown_0")
    assert all(len(case.prefix) >= new for case in cases)


def test_fewer_are_cut_where_there_is_no_more(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": module("a", 9), "b.py": "x = compute(1)\n"})
    cases = held_out_cases(split(tmp_path), 50, seed=1)
    assert 0 < len(cases) < 10


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [((60, 20), (60, 20)), ((60, 0), (60, 0)), ((9000, 3000), None), ((9000, 1), None)],
)
def test_a_shortage_is_shared(
    tmp_path: Path, wanted: tuple[int, int], expected: tuple[int, int] | None
) -> None:
    found = by_file(tmp_path)
    judged, validation = drawn_cases(found, *wanted, seed=1)
    every = held_out_cases(found, sum(wanted), seed=1)
    assert [*judged, *validation] == every
    if expected is not None:
        assert (len(judged), len(validation)) == expected
    else:
        share = max(1, round(len(every) * wanted[1] / sum(wanted)))
        assert len(validation) == share < len(judged)


def test_a_single_case_is_judged_by(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": module("a", 9), "b.py": "x = compute(1)\n"})
    found = split(tmp_path)
    places = found.held_out[0].file.text.index("compute"), len(found.held_out[0].file.text)
    one = replace(found, held_out=(HeldOut(found.held_out[0].file, (places,)),))
    judged, validation = drawn_cases(one, 1, 30, seed=1)
    assert (len(judged), len(validation)) == (1, 0)
