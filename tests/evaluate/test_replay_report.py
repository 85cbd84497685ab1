"""The figures of a replay, from keystrokes that are made up."""

import json
from dataclasses import replace

import pytest

from codegen_lsp.evaluate.replay import Typed, wait_until_quiet
from codegen_lsp.evaluate.replay_keys import Action, Fate, Keystroke, PeerAnswer, Tokens
from codegen_lsp.evaluate.replay_report import (
    exact_match,
    figures,
    keys_with_parts,
    latency_table,
    report,
    times_by_kind,
)

TRUTH = "return first(second)\n"
COST = Tokens(prompt=100, cached=80, prefilled=20, generated=6)


def key(
    position: int, action: Action = Action.TYPED, text: str = "", **fields: object
) -> Keystroke:
    known: dict[str, object] = {
        "piece": 0,
        "position": position,
        "action": action,
        "fate": Fate.SUGGESTED if text else Fate.SILENT,
        "text": text,
        "truth": TRUTH[position:],
        "ms": 100.0,
        "source": "model",
        "tokens": COST,
    }
    return Keystroke(**known | fields)  # type: ignore[arg-type]


def typed(*keystrokes: Keystroke, characters: int = 6, condition: str = "suffix") -> Typed:
    return Typed(condition, characters, characters, list(keystrokes), cpu_s=0.5)  # type: ignore[arg-type]


WRONG = key(0, Action.JUMP, "raise", ms=400.0, is_new=True)
ALONG = key(1, text="aise", ms=1.0, source="cache", tokens=None)
RIGHT = key(2, text="turn", ms=200.0, is_new=True)
AFTER = key(6, Action.ACCEPTED, ms=50.0)
PIECE = typed(WRONG, ALONG, RIGHT, AFTER)


def test_percentiles_of_a_table() -> None:
    assert latency_table([3.0, 1.0, 2.0, 4.0]) == {
        "count": 4,
        "p50_ms": 2.0,
        "p75_ms": 3.0,
        "p95_ms": 4.0,
    }
    assert latency_table([]) == {"count": 0, "p50_ms": None, "p75_ms": None, "p95_ms": None}


def test_latencies_are_told_by_kind_and_for_the_model() -> None:
    found = figures([PIECE])
    times = found["time_to_suggestion"]
    assert isinstance(times, dict)
    assert {name: row["count"] for name, row in times.items()} == {
        "typed_along": 1,
        "same_line": 1,
        "after_accept": 1,
        "new_line": 0,
        "jump": 1,
        "model": 3,
    }
    assert times["model"]["p50_ms"] == 200.0
    assert found["first_ms"] == 400.0
    assert found["without_model_share"] == 0.25


def test_tokens_are_those_of_the_model() -> None:
    found = figures([PIECE])
    assert (found["prefilled_per_request"], found["generated_per_request"]) == (20, 6)
    assert found["kv_hit_rate"] == 0.8
    assert found["draft_acceptance_rate"] is None
    drafted = replace(RIGHT, tokens=replace(COST, drafted=8, accepted=6))
    assert figures([typed(WRONG, drafted)])["draft_acceptance_rate"] == 0.75


def test_an_accepted_suggestion_costs_one_key() -> None:
    found = figures([PIECE])
    assert (found["plain_keys"], found["keys"], found["saved_ratio"]) == (6, 3, 0.5)
    assert found["accepted"] == 1
    assert found["cpu_s_per_100_keys"] == pytest.approx(16.6667)


def test_what_was_shown_is_counted_once_and_judged() -> None:
    found = figures([PIECE])
    assert (found["shown"], found["wrong_shown_share"]) == (2, 0.5)
    assert found["wrong_characters_shown"] == len("raise")


def test_fates_are_counted_and_a_cancelled_request_has_no_time() -> None:
    cancelled = key(1, fate=Fate.CANCELLED, ms=None, source=None, tokens=None)
    late = key(2, text="turn", fate=Fate.LATE, ms=None, source=None, tokens=None)
    found = figures([typed(key(0, Action.JUMP), cancelled, late, characters=2)])
    assert (found["empty"], found["cancelled"], found["late"]) == (1, 1, 1)
    times = found["time_to_suggestion"]
    assert isinstance(times, dict)
    assert times["same_line"]["count"] == 0


def test_words_and_lines_save_more() -> None:
    offer = key(0, Action.JUMP, "return first(third)")
    keys = [offer, *(key(each) for each in range(1, 14))]
    assert keys_with_parts(typed(*keys, characters=13)) == len(["return", " first", "("])


def test_words_may_end_inside_what_was_accepted_whole_later() -> None:
    offer = key(0, Action.JUMP, "return wrong")
    whole = key(2, text="turn first")
    piece = typed(offer, key(1), whole, key(12, Action.ACCEPTED), characters=12)
    assert keys_with_parts(piece) == len(["return", "what is left of `turn first`"])


def test_exact_match_is_over_what_is_left_of_lines() -> None:
    assert exact_match([("a", "a\nb"), ("b", "a"), ("x", "\nb")]) == 0.5
    assert exact_match([]) is None


def test_of_each_line_the_first_request_is_judged() -> None:
    def stroke(position: int, text: str, truth: str, peer: str) -> Keystroke:
        return replace(key(position, text=text), truth=truth, peer=PeerAnswer(peer, 1.0))

    keys = [
        stroke(0, "x = 1", "x = 2\ny = 3", "x = 2"),
        stroke(4, "1", "2\ny = 3", "2"),
        stroke(5, "", "\ny = 3", "\ny = 3"),
        stroke(6, "y = 3", "y = 3", "wrong"),
        stroke(7, "wrong", " = 3", " = 3"),
    ]
    found = figures([typed(*keys, characters=7), typed(*keys[:2], characters=4)])
    assert (found["exact_match"], found["peer_exact_match"]) == (0.3333, 0.6667)


def test_the_peer_is_compared_where_our_model_worked() -> None:
    whole = "return first(second)"
    stroke = [
        replace(each, peer=PeerAnswer(text, ms))
        for each, text, ms in (
            (WRONG, whole, 800.0),
            (ALONG, "eturn first(second)", 9000.0),
            (RIGHT, "wrong", 1000.0),
            (AFTER, "wrong", 300.0),
        )
    ]
    found = report([typed(*stroke)])
    assert found["peer"] == {"count": 3, "p50_ms": 800.0, "p75_ms": 1000.0, "p95_ms": 1000.0}
    assert (found["ratio_p50"], found["ratio_p95"], found["ratio_first"]) == (4.0, 2.5, 2.0)
    assert (found["peer_exact_match"], found["exact_match"]) == (1.0, 0.0)
    assert times_by_kind([typed(*stroke)])["peer"] == [800.0, 1000.0, 300.0]
    assert not {"peer", "ratio_p50", "ratio_first"} & set(report([PIECE]))


def test_each_condition_has_its_figures_too() -> None:
    found = report([PIECE, typed(RIGHT, condition="no-suffix")])
    conditions = found["conditions"]
    assert isinstance(conditions, dict)
    assert [(name, each["requests"]) for name, each in conditions.items()] == [
        ("suffix", 4),
        ("no-suffix", 1),
    ]
    assert found["requests"] == 5
    json.dumps(found)


def test_figures_of_next_to_nothing_are_none_not_errors() -> None:
    silent = key(0, Action.JUMP, fate=Fate.CANCELLED, ms=None, source=None, tokens=None)
    found = figures([typed(silent, characters=0)])
    for name in ("saved_ratio", "kv_hit_rate", "first_ms", "wrong_shown_share"):
        assert found[name] is None, name


def test_rest_has_come_when_no_processor_time_is_taken() -> None:
    readings = iter([1.0, 2.0, 3.0, 3.0, 9.0])
    wait_until_quiet(lambda: next(readings))
    assert next(readings) == 9.0
