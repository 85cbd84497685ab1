"""Places in files: where the cursor stands, what is hidden, and when a suggestion is right."""

from dataclasses import replace

import pytest

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import silence
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.places import adds_error, cut_places, is_right, repeats
from codegen_lsp.evaluate.replay_text import Source

TEXT = """\
import a


def f(x):
    y = 1

    return y


def g():
    z = f(1)
    return z
"""


def test_a_place_splits_its_file_and_hides_the_rest_of_its_block() -> None:
    sources = [Source(f"{n}.py", "python", TEXT) for n in range(20)]
    cases = cut_places(sources, 40, seed=0)
    assert len(cases) == 40
    for case in cases:
        assert case.prefix + case.middle + case.suffix == TEXT
        assert case.middle.strip()
        line = case.prefix.rpartition("\n")[2]
        assert line.strip() or not case.middle[0].isspace()
    starts = sum(not case.prefix.rpartition("\n")[2].strip() for case in cases)
    assert 0 < starts < 40
    assert cases == cut_places(sources, 40, seed=0) != cut_places(sources, 40, seed=1)


@pytest.mark.parametrize(
    ("text", "replaces", "expected"),
    [
        ("1)", 0, True),
        ("1)\n    return z", 0, True),
        ("1)\n    return z\n\n\n", 0, True),
        ("2)", 0, False),
        ("", 0, False),
        ("1)\n    return z  # end", 0, False),
        ("1)\n    return z  #", 3, True),
    ],
)
def test_right_is_what_came_next(text: str, replaces: int, expected: bool) -> None:
    case = Case("a", "python", "z = f(", "  # the end\n", "1)\n    return z")
    suggestion = replace(silence(0, Reason.EMPTY), text=text, replaces=replaces, reason=None)
    assert is_right(suggestion, case) is expected


@pytest.mark.parametrize(
    ("text", "suffix", "replaces", "expected"),
    [
        ("1)", "\n    return z", 0, False),  # right
        ("2)\n    return z", "\n    return z", 0, True),
        ("2)\n    return y", "\n    return z", 0, False),
        ("2)\n    return z", "\n  return z", 0, False),
        ("2)\n}", "\n}\n", 0, False),
        ("2, last)", " last)\n", 0, True),
        ("2, last)", " last)\n", 6, False),
    ],
)
def test_a_repetition_ends_with_what_follows(
    text: str, suffix: str, replaces: int, expected: bool
) -> None:
    case = Case("a", "python", "z = f(", suffix, "1)")
    suggestion = replace(silence(0, Reason.EMPTY), text=text, replaces=replaces, reason=None)
    assert repeats(suggestion, case) is expected


@pytest.mark.parametrize(("text", "expected"), [("2", False), ("2)", True), ("", False)])
def test_an_error_is_one_that_was_not_there(text: str, expected: bool) -> None:
    case = Case("a", "python", "z = 1", "\ny = 2\n", "2")
    suggestion = replace(silence(0, Reason.EMPTY), text=text, reason=None)
    assert adds_error(suggestion, case) is expected
