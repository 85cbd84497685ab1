"""The figures of a keystroke replay."""

import statistics
from collections.abc import Sequence

from codegen_lsp.evaluate.replay import Typed
from codegen_lsp.evaluate.replay_keys import Fate, Keystroke, Kind, completes_line, right_part
from codegen_lsp.evaluate.server_figures import percentile

Figures = dict[str, object]


def report(typed: Sequence[Typed]) -> Figures:
    """The figures over everything that was typed, and those of each condition.

    The first requests are compared once: at the second condition the peer is not cold any more.
    """
    conditions = dict.fromkeys(each.condition for each in typed)
    return (
        figures(typed)
        | _first_of_all(typed)
        | {
            "conditions": {
                name: figures([each for each in typed if each.condition == name])
                for name in conditions
            }
        }
    )


def figures(typed: Sequence[Typed]) -> Figures:
    """All figures over these pieces; shares are of 1, None stands where there is nothing to say."""
    keystrokes = [each for piece in typed for each in piece.keystrokes]
    return (
        {"pieces": len(typed), "requests": len(keystrokes)}
        | _latencies(typed, keystrokes)
        | _tokens(_by_model(keystrokes))
        | _keys_saved(typed)
        | _fates(keystrokes)
        | _matches(typed)
        | _against_peer(keystrokes)
    )


def times_by_kind(typed: Sequence[Typed]) -> dict[str, list[float]]:
    """Milliseconds by kind of keystroke, and "peer": its times where our model worked too."""
    keystrokes = [each for piece in typed for each in piece.keystrokes]
    times = {
        kind.value: _times([each for each in keystrokes if each.kind is kind]) for kind in Kind
    }
    return times | {"peer": _peer_times(keystrokes)}


def latency_table(milliseconds: Sequence[float]) -> Figures:
    """How many there are, and their p50, p75 and p95; None for those of nothing."""
    table: Figures = {"count": len(milliseconds)}
    for percent in (50, 75, 95):
        value = round(percentile(milliseconds, percent), 2) if milliseconds else None
        table[f"p{percent}_ms"] = value
    return table


def exact_match(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Share of suggestions that complete their line, where anything is left of the line.

    Args:
        pairs: what was suggested ("" for nothing) and what comes next.
    """
    matches = [completes_line(*pair) for pair in pairs]
    return _share(matches.count(True), len(matches) - matches.count(None))


def keys_with_parts(piece: Typed) -> int:
    """Keys that a piece takes if suggestions may be accepted by lines and words, too.

    Worked out afterwards from what was suggested: at each place the right part of the
    suggestion is accepted wherever that is shorter than typing it.
    """
    offers = {each.position: each for each in piece.keystrokes if each.fate is Fate.SUGGESTED}
    ends = [each.position for each in piece.keystrokes]
    position, keys = 0, 0
    while position < piece.characters:
        offer = offers.get(position)
        gained, cost = right_part(offer.text, offer.truth) if offer else (0, 0)
        if offer and offer.is_right:
            gained, cost = len(offer.text), 1
        if gained <= cost:  # type on to the next place where something is known
            gained, cost = next(end for end in ends if end > position) - position, 1
        position, keys = position + gained, keys + cost
    return keys


def _latencies(typed: Sequence[Typed], keystrokes: Sequence[Keystroke]) -> Figures:
    answered = [each for each in keystrokes if each.ms is not None]
    times = times_by_kind(typed) | {"model": _times(_by_model(keystrokes))}
    without_model = [each for each in answered if each.source == "cache"]
    return {
        "time_to_suggestion": {
            name: latency_table(times[name]) for name in (*map(str, Kind), "model")
        },
        "without_model_share": _share(len(without_model), len(answered)),
        "first_ms": keystrokes[0].ms,
    }


def _tokens(by_model: Sequence[Keystroke]) -> Figures:
    costs = [each.tokens for each in by_model if each.tokens]
    drafted = [each.drafted for each in costs if each.drafted is not None]
    accepted = [each.accepted for each in costs if each.accepted is not None]
    return {
        "prefilled_per_request": _mean([each.prefilled for each in costs]),
        "generated_per_request": _mean([each.generated for each in costs]),
        "kv_hit_rate": _share(
            sum(each.cached for each in costs), sum(each.prompt for each in costs)
        ),
        "draft_acceptance_rate": _share(sum(accepted), sum(drafted)),
    }


def _keys_saved(typed: Sequence[Typed]) -> Figures:
    plain = sum(each.plain_keys for each in typed)
    keys = sum(len(each.keystrokes) - 1 for each in typed)
    with_parts = sum(keys_with_parts(each) for each in typed)
    cpu = sum(each.cpu_s for each in typed)
    return {
        "characters": sum(each.characters for each in typed),
        "plain_keys": plain,
        "keys": keys,
        "saved_ratio": _share(plain - keys, plain),
        "saved_ratio_with_words_and_lines": _share(plain - with_parts, plain),
        "cpu_s_per_100_keys": _share(100 * cpu, keys),
    }


def _fates(keystrokes: Sequence[Keystroke]) -> Figures:
    shown = [each for each in keystrokes if each.is_new]
    wrong = [each for each in shown if not each.is_right]
    fates = [each.fate for each in keystrokes]
    return {
        "shown": len(shown),
        "accepted": sum(each.kind is Kind.AFTER_ACCEPT for each in keystrokes),
        "wrong_shown_share": _share(len(wrong), len(shown)),
        "wrong_characters_shown": sum(len(each.text) for each in wrong),
        "empty": fates.count(Fate.SILENT),
        "late": fates.count(Fate.LATE),
        "cancelled": fates.count(Fate.CANCELLED),
    }


def _matches(typed: Sequence[Typed]) -> Figures:
    """How often the first answer in a line was what is left of it.

    Of every key it would be unfair to whoever is typed with: what is right is accepted, and where
    it is wrong, the next keys are typed and counted until it is right. The first request in a line
    depends on no answer before it in that line.
    """
    firsts = [each for piece in typed for each in _first_of_lines(piece.keystrokes)]
    theirs = [(each.peer.text, each.truth) for each in firsts if each.peer]
    found: Figures = {"exact_match": exact_match([(each.text, each.truth) for each in firsts])}
    return found | ({"peer_exact_match": exact_match(theirs)} if theirs else {})


def _first_of_lines(keystrokes: Sequence[Keystroke]) -> list[Keystroke]:
    """The first of them in each line, where anything is left of the line."""
    firsts: dict[int, Keystroke] = {}
    for each in keystrokes:
        left = each.truth.partition("\n")[0]
        if left.strip():
            firsts.setdefault(each.position + len(left), each)  # lines differ in where they end
    return list(firsts.values())


def _against_peer(keystrokes: Sequence[Keystroke]) -> Figures:
    """The peer's figures; its times are those where our model worked too."""
    if not any(each.peer for each in keystrokes):
        return {}
    ours, theirs = _times(_by_model(keystrokes)), _peer_times(keystrokes)
    return {
        "peer": latency_table(theirs),
        "ratio_p50": _ratio(theirs, ours, 50),
        "ratio_p95": _ratio(theirs, ours, 95),
    }


def _first_of_all(typed: Sequence[Typed]) -> Figures:
    first = typed[0].keystrokes[0]
    if not first.peer:
        return {}
    ratio = _share(first.peer.ms, first.ms or 0)
    return {"peer_first_ms": first.peer.ms, "ratio_first": ratio}


def _ratio(theirs: Sequence[float], ours: Sequence[float], percent: float) -> float | None:
    if not theirs or not ours:
        return None
    return _share(percentile(theirs, percent), percentile(ours, percent))


def _by_model(keystrokes: Sequence[Keystroke]) -> list[Keystroke]:
    return [each for each in keystrokes if each.source == "model" and each.ms is not None]


def _peer_times(keystrokes: Sequence[Keystroke]) -> list[float]:
    return [each.peer.ms for each in _by_model(keystrokes) if each.peer]


def _times(keystrokes: Sequence[Keystroke]) -> list[float]:
    return [each.ms for each in keystrokes if each.ms is not None]


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _mean(values: Sequence[int]) -> float | None:
    return round(statistics.fmean(values), 2) if values else None
