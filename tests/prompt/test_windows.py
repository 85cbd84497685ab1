import textwrap
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, pre_tokenizers
from tokenizers import Tokenizer as Library

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.windows import LINES_PER_STEP, prefix_window, suffix_window

LINES = "".join(f"value_{number} = compute({number})\n" for number in range(400))


class Counting(Tokenizer):
    """Notes the most characters it was ever asked to encode at once, and all of them together."""

    most = 0
    total = 0

    def encode(self, text: str) -> list[int]:
        self.most = max(self.most, len(text))
        self.total += len(text)
        return super().encode(text)


@pytest.fixture(scope="module")
def counting(byte_level: Callable[..., Library]) -> Counting:
    return Counting(byte_level([]))


@pytest.fixture(scope="module")
def splitting(byte_level: Callable[..., Library]) -> Counting:
    """White space that holds a newline ends with it, as in Qwen's way."""
    library = byte_level([])
    pieces = Regex(r"\s*[\r\n]+|\s+(?!\S)| ?\S+|\s+")
    library.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(pieces, "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return Counting(library)


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


def start_of(tokenizer: Tokenizer, text: str, budget: int) -> int:
    return len(text) - len(prefix_window(tokenizer, text, budget).text)


def functions(count: int, lines: int) -> str:
    body = "".join(f"    value_{number} = compute({number})\n" for number in range(lines - 3))
    return "".join(f"def function_{number}():\n{body}\n\n" for number in range(count))


def test_while_lines_are_typed_a_prefix_window_moves_once_in_a_step(tokenizer: Tokenizer) -> None:
    typed = [LINES + "x = 1\n" * count for count in range(3 * LINES_PER_STEP)]
    starts = [start_of(tokenizer, text, 1500) for text in typed]
    assert starts == sorted(starts)
    longest = max(starts.count(start) for start in starts)
    assert longest > LINES_PER_STEP  # shorter than those above, these lines last longer
    assert len(set(starts)) <= 4


def test_between_two_moves_a_prefix_window_only_grows(tokenizer: Tokenizer) -> None:
    text = functions(20, 9)
    line = "    total = first + second(third)\n"
    starts = [start_of(tokenizer, text + line[:typed], 600) for typed in range(len(line))]
    assert len(set(starts)) <= 2


def test_a_prefix_window_starts_at_a_definition(tokenizer: Tokenizer) -> None:
    text = functions(30, 12)
    for end in range(len(text) // 2, len(text), 997):
        start = start_of(tokenizer, text[:end], 1500)
        assert text.startswith("def function_", start)


def test_among_lines_as_far_left_one_behind_a_blank_line_starts_a_prefix_window(
    tokenizer: Tokenizer,
) -> None:
    code = enumerate(LINES.splitlines(keepends=True))
    lines = "".join("\n" if number % 8 == 7 else line for number, line in code)
    for end in range(len(lines) // 2, len(lines), 397):
        start = start_of(tokenizer, lines[:end], 1500)
        assert lines.endswith("\n\n", 0, start)


def test_no_closing_bracket_or_blank_line_starts_a_prefix_window(tokenizer: Tokenizer) -> None:
    text = "".join(f"call_{number}(\n    first,\n\n    second,\n)\n\n" for number in range(90))
    for end in range(len(text) // 2, len(text), 97):
        assert text.startswith("call_", start_of(tokenizer, text[:end], 300))


def test_a_line_inserted_far_above_leaves_a_prefix_window_at_its_definition(
    tokenizer: Tokenizer,
) -> None:
    text = functions(30, 40)
    ends = range(len(text) // 2, len(text), 397)
    same = [
        prefix_window(tokenizer, text[:end], 1500).text
        == prefix_window(tokenizer, "import os\n" + text[:end], 1500).text
        for end in ends
    ]
    assert sum(same) > 0.8 * len(ends)


def test_placed_freshly_a_prefix_window_takes_all_lines_that_fit(tokenizer: Tokenizer) -> None:
    fresh = prefix_window(tokenizer, LINES, 700, lines_per_step=1)
    above = LINES[: len(LINES) - len(fresh.text)].splitlines(keepends=True)[-1]
    assert len(fresh.ids) <= 700 < len(tokenizer.encode(above + fresh.text))


def test_the_same_text_has_the_same_windows(tokenizer: Tokenizer) -> None:
    texts = [LINES[:end] for end in range(len(LINES) - 300, len(LINES), 7)]
    assert [prefix_window(tokenizer, text, 900) for text in texts] == [
        prefix_window(tokenizer, text, 900) for text in reversed(texts)
    ][::-1]


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


@pytest.mark.parametrize(
    "text",
    [
        "value, " * 20_000,
        ("id, " * 60 + "\n") * 400,
        "\t" * 90_000,
        "function f(){return 1};" * 4_000,
    ],
)
def test_in_long_lines_too_a_prefix_window_moves_seldom(tokenizer: Tokenizer, text: str) -> None:
    starts = [
        start_of(tokenizer, text + "value = 1, "[: typed % 11] + "x, " * (typed // 11), 1024)
        for typed in range(120)
    ]
    moves = sum(first != second for first, second in pairwise(starts))
    assert moves <= 3


@pytest.mark.parametrize("below", ["\n", "\nx = ", "\nfirst = 1\nsecond = "])
def test_a_line_far_behind_does_not_cost_the_most_of_a_prefix_window(
    tokenizer: Tokenizer, below: str
) -> None:
    budget = 1000
    window = prefix_window(tokenizer, "value, " * 20_000 + below, budget)
    assert budget // 3 < len(window.ids) <= budget


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


def test_lines_are_tokenised_apart_only_where_that_makes_no_difference(
    tokenizer: Tokenizer,
) -> None:
    text = "def add(first, second):\n    return first + second"
    assert not tokenizer.splits_at_lines
    assert prefix_window(tokenizer, text, 90).ids == tokenizer.encode(text)
    above, line = text.split("\n")
    window = prefix_window(tokenizer, text, 90, splits_line=True)
    assert window.ids == tokenizer.encode(above + "\n") + tokenizer.encode(line)
    assert window.ids[: window.tokens_above] == tokenizer.encode(above + "\n")


@pytest.mark.parametrize("budget", [900, 90_000], ids=["cut", "whole"])
def test_with_the_next_key_only_its_line_is_tokenised_again(
    splitting: Counting, budget: int
) -> None:
    assert splitting.splits_at_lines
    line = "    total = firs"
    prefix_window(splitting, LINES + line, budget)
    before = splitting.total
    window = prefix_window(splitting, LINES + line + "t", budget)
    most = 2 * len(line + "t")  # once to see what fits, and once where that was too much
    assert 0 < splitting.total - before <= most
    assert window.ids == splitting.encode(window.text)


def test_with_the_next_key_no_suffix_is_tokenised_again(splitting: Counting) -> None:
    suffix_window(splitting, LINES, 900)
    before = splitting.total
    suffix_window(splitting, LINES, 900)
    assert splitting.total == before


@pytest.mark.model
def test_the_default_models_tokens_do_not_depend_on_the_lines_around(qwen: Tokenizer) -> None:
    text = Path(textwrap.__file__).read_text(encoding="utf-8")
    assert qwen.splits_at_lines
    for end in range(200, len(text), 211):
        window = prefix_window(qwen, text[:end], 500)
        assert window.ids == qwen.encode(window.text)
