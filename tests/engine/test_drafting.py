"""Where guesses come from, and how many there are."""

from codegen_lsp.engine.drafting import MAX_DRAFT_TOKENS, Drafter


def test_what_the_caller_expects_comes_first() -> None:
    drafter = Drafter([1, 2, 3, 1, 2], expected=[7, 8, 9])
    assert drafter.propose(2) == [7, 8]
    drafter.extend([7, 8], 1)
    assert drafter.propose(5) == [9]


def test_no_draft_is_longer_than_the_limit_of_all() -> None:
    expected = list(range(40))
    assert Drafter([1], expected).propose(99) == expected[:MAX_DRAFT_TOKENS]


def test_without_expectations_the_text_is_looked_up() -> None:
    assert Drafter([5, 1, 2, 3, 6, 7, 1, 2, 3], []).propose(2) == [6, 7]


def test_the_latest_of_several_places_counts() -> None:
    assert Drafter([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3], []).propose(1) == [5]


def test_a_match_of_three_tokens_goes_before_a_later_one_of_two() -> None:
    assert Drafter([1, 2, 3, 4, 9, 2, 3, 5, 1, 2, 3], []).propose(1) == [4]
    assert Drafter([2, 3, 5, 1, 2, 3], []).propose(1) == [5]


def test_nothing_seen_before_gives_no_draft() -> None:
    assert Drafter([1, 2, 3, 4], []).propose(8) == []
    assert Drafter([1], []).propose(8) == []


def test_generated_tokens_are_part_of_the_text() -> None:
    drafter = Drafter([1, 2], [])
    assert drafter.propose(8) == []
    drafter.extend([3, 4, 1, 2], 0)
    assert drafter.propose(3) == [3, 4, 1]


def test_failed_expectations_are_looked_up_from_then_on() -> None:
    drafter = Drafter([1], expected=[7, 8, 9, 10, 11])
    drafter.extend([2], 4)
    assert drafter.propose(8) == []
    drafter.extend([8, 9], 0)
    assert drafter.propose(8)[:2] == [10, 11]


def test_the_end_of_the_last_output_is_found_where_its_start_was_wrong() -> None:
    drafter = Drafter([1, 8, 9, 5], expected=[], recalled=[7, 8, 9, 10, 11])
    assert drafter.propose(8) == []
    drafter.extend([8, 9], 0)
    assert drafter.propose(2) == [10, 11]  # not 5, as in the prompt


def test_length_follows_what_was_right() -> None:
    text = [*range(30), 50, *range(3)]
    drafter = Drafter(text, [])
    drafter.extend([3], 4)  # none was right
    short = drafter.propose(8)
    drafter.extend([*short, short[-1] + 1], len(short))
    longer = drafter.propose(8)
    assert short == [4, 5][: len(short)]
    assert len(short) < len(longer) <= MAX_DRAFT_TOKENS
