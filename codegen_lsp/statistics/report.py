"""The statistics added up: over all, by language, by day, by reason for silence."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from codegen_lsp.statistics.recalibration import UNCHANGED, Recalibration, recalibration

PERCENTILES = (50, 90, 95, 99)


@dataclass(frozen=True, slots=True)
class Sums:
    """What became of suggestions; characters are code points.

    Attributes:
        suggestions: that were sent to the editor; those below are among them.
        shown: of which the editor said that they were shown, or that were dealt with.
        accepted: as a whole.
        partially_accepted: in part.
        rejected: dismissed.
        ignored: the user went another way.
        remembered: from the suggestion cache, without a wait for the model.
        prefetched: of those, made before anyone asked.
        offered_characters: in all suggestions.
        accepted_characters: that the user took.
        observed_characters: of those, the ones followed for 30 s.
        kept_characters: of those, the ones that still stood there.
        inserted_characters: typed, pasted or accepted, in all documents.
        prompt_tokens: of all prompts.
        cached_tokens: of those, the ones not read again.
    """

    suggestions: int = 0
    shown: int = 0
    accepted: int = 0
    partially_accepted: int = 0
    rejected: int = 0
    ignored: int = 0
    remembered: int = 0
    prefetched: int = 0
    offered_characters: int = 0
    accepted_characters: int = 0
    observed_characters: int = 0
    kept_characters: int = 0
    inserted_characters: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0

    @property
    def completion_acceptance_rate(self) -> float | None:
        """Share of suggestions that were accepted, at least in part."""
        return _share(self.accepted + self.partially_accepted, self.suggestions)

    @property
    def kept_share(self) -> float | None:
        """Share of accepted characters that still stood there after 30 s."""
        return _share(self.kept_characters, self.observed_characters)

    @property
    def written_share(self) -> float | None:
        """Share of the code that was written by completion; what was accepted is at most all."""
        accepted = min(self.accepted_characters, self.inserted_characters)
        return _share(accepted, self.inserted_characters)

    @property
    def cache_share(self) -> float | None:
        """Share of suggestions that came from the suggestion cache."""
        return _share(self.remembered, self.suggestions)

    @property
    def cached_token_share(self) -> float | None:
        """Share of the prompts' tokens that the KV cache held."""
        return _share(self.cached_tokens, self.prompt_tokens)


@dataclass(frozen=True, slots=True)
class Report:
    """All that `codegen-lsp stats` tells.

    Attributes:
        since: first day that counts; None: all do.
        total: over all days and languages.
        languages: by language, the most used first.
        kinds: by trigger ("automatic", "invoked") and, of the same ones, by extent ("line",
            "block"); without what was typed.
        days: by day in ISO form, in order.
        silences: requests without a suggestion by reason, the most frequent first.
        latency_ms: percentiles by source ("all", "model", "cache", "prefetch"), of suggestions of
            the last 90 days.
        recalibration: of confidence, whatever day counts.
    """

    since: date | None
    total: Sums
    languages: dict[str, Sums]
    kinds: dict[str, Sums]
    days: dict[str, Sums]
    silences: dict[str, int]
    latency_ms: dict[str, dict[int, float]]
    recalibration: Recalibration = UNCHANGED


EMPTY = Report(None, Sums(), {}, {}, {}, {}, {})

_SUMS = """
SELECT {key}, sum(suggestions), sum(suggestions * is_shown),
    sum(suggestions * (outcome = 'accepted')), sum(suggestions * (outcome = 'partially_accepted')),
    sum(suggestions * (outcome = 'rejected')), sum(suggestions * (outcome = 'ignored')),
    sum(suggestions * (source != 'model')), sum(suggestions * (source = 'prefetch')),
    sum(characters), sum(accepted_characters), sum(observed_characters), sum(kept_characters),
    sum(inserted), sum(prompt_tokens), sum(cached_tokens)
FROM (
    SELECT *, 0 AS inserted FROM sums UNION ALL
    SELECT day, language, '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, characters FROM insertions
) WHERE day >= :since GROUP BY 1 ORDER BY {order}
"""
_TOTAL = _SUMS.format(key="''", order="1")
_LANGUAGES = _SUMS.format(key="language", order="sum(suggestions) DESC, sum(inserted) DESC, 1")
_TRIGGERS = _SUMS.format(key="trigger_kind", order="1")
_EXTENTS = _SUMS.format(key="extent", order="1 DESC")
_DAYS = _SUMS.format(key="day", order="1")


def summarise(connection: sqlite3.Connection, since: date | None) -> Report:
    """Add up everything from the day `since` on.

    Raises:
        sqlite3.Error: the database is damaged.
    """
    days = {"since": since.isoformat() if since else ""}
    total, languages, triggers, extents, by_day = (
        {key: Sums(*values) for key, *values in connection.execute(query, days)}
        for query in (_TOTAL, _LANGUAGES, _TRIGGERS, _EXTENTS, _DAYS)
    )
    kinds = {kind: sums for kind, sums in (triggers | extents).items() if kind}
    silences = connection.execute(
        "SELECT reason, sum(count) FROM silences WHERE day >= :since GROUP BY 1 ORDER BY 2 DESC, 1",
        days,
    )
    latencies = connection.execute(
        "SELECT source, latency_ms FROM suggestions WHERE day >= :since ORDER BY latency_ms", days
    )
    return Report(
        since=since,
        total=total.get("", Sums()),
        languages=languages,
        kinds=kinds,
        days=by_day,
        silences=dict(silences),
        latency_ms=_latencies(latencies),
        recalibration=recalibration(connection, date.today()),
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The least of `ordered` values that `percent` of them do not exceed."""
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


def _latencies(rows: sqlite3.Cursor) -> dict[str, dict[int, float]]:
    by_source: dict[str, list[float]] = {"all": [], "model": [], "cache": [], "prefetch": []}
    for source, milliseconds in rows:
        by_source["all"].append(milliseconds)
        by_source[source].append(milliseconds)
    return {
        source: {percent: percentile(ordered, percent) for percent in PERCENTILES}
        for source, ordered in by_source.items()
        if ordered
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
