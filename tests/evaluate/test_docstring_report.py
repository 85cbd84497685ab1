"""What the figures of `bench docstrings` mean."""

from dataclasses import replace
from pathlib import Path

import pytest

from codegen_lsp.evaluate.docstring_bench import Written
from codegen_lsp.evaluate.docstring_cases import Case
from codegen_lsp.evaluate.docstring_report import Judged, judge, report
from codegen_lsp.evaluate.docstring_writers import Draft
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures import documentables
from codegen_lsp.text import Snapshot

HEADER = "def area(width: int, height: int) -> None:\n"
BODY = "    print(width)\n"
DOCSTRING = '''\
    """Print it.

    Args:
        width: Its width.
        height: Its height.
    """
'''


def case_of(lines: int) -> Case:
    """A function of so many lines."""
    text = HEADER + BODY * (lines - 1)
    tree = parse("python", text)
    assert tree is not None
    snapshot = Snapshot("file:///shape.py", 0, "python", text)
    return Case(f"shape.py:{lines}", snapshot, documentables(tree)[0], "Print it.")


def written(case: Case, text: str, seconds: float = 1.0) -> Written:
    at = len(HEADER)
    reason = "" if text else "problem"
    return Written(case.id, "ours", "google", Draft(at, at, text, reason), seconds, 100, 50)


def judged(folder: Path, *drafts: tuple[Case, Written]) -> list[Judged]:
    return judge(drafts, "google", folder)


def test_a_good_docstring(tmp_path: Path) -> None:
    case = case_of(3)
    found = judged(tmp_path, (case, written(case, DOCSTRING)))
    assert (found[0].is_code_same, found[0].findings) == (True, ())
    figures = report(found)
    assert (figures.written, figures.ruff_clean, figures.pydoclint_clean) == (1, 1, 1)
    assert (figures.code_changed, figures.prompt_reads, figures.reasons) == (0, 0.5, {})


def test_one_that_changes_the_code(tmp_path: Path) -> None:
    case = case_of(3)
    figures = report(judged(tmp_path, (case, written(case, DOCSTRING + "    pass\n"))))
    assert (figures.code_changed, figures.ruff_clean) == (1, 1)


def test_one_that_python_does_not_see(tmp_path: Path) -> None:
    case = case_of(3)
    figures = report(judged(tmp_path, (case, written(case, "    # Print it.\n"))))
    assert (figures.written, figures.ruff_clean, figures.pydoclint_clean) == (1, 0, 0)
    assert (figures.code_changed, figures.chrf) == (0, 0)


def test_what_is_not_written_counts_in_likeness(tmp_path: Path) -> None:
    case = case_of(3)
    done, none = written(case, '    """Print it."""\n'), written(case, "")
    figures = report(judged(tmp_path, (case, done), (case, none)))
    assert (figures.functions, figures.written) == (2, 0.5)
    assert figures.chrf == pytest.approx(50)
    assert figures.reasons == {"problem": 1}


def test_times(tmp_path: Path) -> None:
    short, typical = case_of(3), case_of(20)
    pairs = [(short, written(short, DOCSTRING, seconds)) for seconds in (1.0, 2.0, 3.0)]
    found = judged(tmp_path, *pairs)
    assert (report(found).median_s, report(found).median_typical_s) == (2.0, None)
    more = [*found, replace(found[0], case=typical, written=written(typical, DOCSTRING, 9.0))]
    assert report(more).median_typical_s == 9.0
