from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Library

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.windows import prefix_window, suffix_window

LINES = "".join(f"value_{number} = compute({number})\n" for number in range(400))


class Counting(Tokenizer):
    """Notes the most characters it was ever asked to encode at once."""

    most = 0

    def encode(self, text: str) -> list[int]:
        self.most = max(self.most, len(text))
        return super().encode(text)


@pytest.fixture(scope="module")
def counting(byte_level: Callable[..., Library]) -> Counting:
    return Counting(byte_level([]))


def test_what_fits_is_taken_whole(tokenizer: Tokenizer) -> None:
    text = "no newline at the end"
    ids = tokenizer.encode(text)
    assert prefix_window(tokenizer, text, len(ids)).text == text
    assert suffix_window(tokenizer, text, len(ids)).text == text
    assert suffix_window(tokenizer, text, len(ids)).ids == ids


@pytest.mark.parametrize("budget", [40, 100, 700])
def test_windows_are_cut_at_line_starts_and_keep_to_the_budget(
    tokenizer: Tokenizer, budget: int
) -> None:
    before = prefix_window(tokenizer, LINES + "cursor = ", budget)
    after = suffix_window(tokenizer, " the rest\n" + LINES, budget)
    assert before.text.startswith("value_")
    assert before.text.endswith("cursor = ")
    assert after.text.startswith(" the rest\n")
    assert after.text.endswith(")\n")
    for window in (before, after):
        assert budget // 3 < len(window.ids) <= budget
        assert window.ids == tokenizer.encode(window.text)


def test_a_prefix_window_stays_where_it_is_while_lines_are_typed(tokenizer: Tokenizer) -> None:
    starts = {
        prefix_window(tokenizer, LINES + "x = 1\n" * typed, 1500).text.split("\n", 1)[0]
        for typed in range(8)
    }
    assert len(starts) <= 2


@pytest.mark.parametrize("budget", [0, 1, 50])
def test_a_huge_line_is_cut_inside_at_bounded_cost(counting: Counting, budget: int) -> None:
    line = "value, 'é👍', " * 350_000
    before, after = (window(counting, line, budget) for window in (prefix_window, suffix_window))
    assert line.endswith(before.text)
    assert line.startswith(after.text)
    assert len(before.ids) <= budget
    assert len(after.ids) <= budget
    assert bool(before.text) == bool(after.text) == (budget > 0)
    assert counting.most <= 400


def test_a_huge_line_above_a_short_one_leaves_the_short_one(tokenizer: Tokenizer) -> None:
    window = prefix_window(tokenizer, "x" * 100_000 + "\nfirst = 1\nsecond = ", 30)
    assert window.text == "first = 1\nsecond = "


@given(text=st.text("ab\n é👍"), budget=st.integers(0, 20))
def test_any_text_and_budget(tokenizer: Tokenizer, text: str, budget: int) -> None:
    before = prefix_window(tokenizer, text, budget)
    after = suffix_window(tokenizer, text, budget)
    assert text.endswith(before.text)
    assert text.startswith(after.text)
    assert max(len(before.ids), len(after.ids)) <= budget
