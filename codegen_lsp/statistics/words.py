"""A report for people in a terminal, and for programs."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from codegen_lsp.statistics.recalibration import Recalibration
from codegen_lsp.statistics.report import Report, Sums

_SHARES = (
    "completion_acceptance_rate",
    "kept_share",
    "written_share",
    "cache_share",
    "cached_token_share",
)


def as_json(report: Report) -> dict[str, Any]:
    """Everything in `report`, shares from 0 to 1 and null where nothing was counted."""
    return {
        "since": report.since and report.since.isoformat(),
        "total": _sums(report.total),
        "languages": {language: _sums(sums) for language, sums in report.languages.items()},
        "kinds": {kind: _sums(sums) for kind, sums in report.kinds.items()},
        "days": {day: _sums(sums) for day, sums in report.days.items()},
        "silences": report.silences,
        "latency_ms": {
            source: {f"p{percent}": value for percent, value in values.items()}
            for source, values in report.latency_ms.items()
        },
        "recalibration": {
            "outcomes": report.recalibration.outcomes,
            "of_half": report.recalibration.apply(0.5),
        },
    }


def as_text(report: Report, meanings: Mapping[str, str]) -> str:
    """Tables; `meanings` says in words what a reason's code means."""
    total = report.total
    blocks = [
        _aligned(
            [
                (
                    "",
                    "sent",
                    "shown",
                    "accepted",
                    "in part",
                    "rejected",
                    "ignored",
                    "kept",
                    "written",
                ),
                *((name, *_row(sums)) for name, sums in report.languages.items()),
                *((name, *_row(sums)) for name, sums in report.kinds.items()),
                ("all", *_row(total)),
            ]
        ),
        f"accepted {percent(total.completion_acceptance_rate)} of the suggestions,"
        f" {total.accepted_characters:,} of {total.offered_characters:,} characters; after 30 s"
        f" {percent(total.kept_share)} of them still stood there\n"
        f"{percent(total.written_share)} of {total.inserted_characters:,} characters were written"
        " by completion\n"
        f"{percent(total.cache_share)} of the suggestions came from the cache"
        f" ({total.prefetched:,} made ahead);"
        f" {percent(total.cached_token_share)} of the prompts' tokens were not read again",
    ]
    if report.recalibration.outcomes:
        blocks.append(recalibrated(report.recalibration))
    if report.latency_ms:
        rows = [
            (source, *(f"{each:,.0f}" for each in values.values()))
            for source, values in report.latency_ms.items()
        ]
        heads = [f"p{each}" for each in report.latency_ms["all"]]
        blocks.append(_aligned([("milliseconds", *heads), *rows]))
    if report.silences:
        blocks.append(_silences(report.silences, meanings))
    return "\n\n".join(blocks)


def percent(share: float | None) -> str:
    """A share in percent; "-" where nothing was counted."""
    return "-" if share is None else f"{100 * share:.0f} %"


def _sums(sums: Sums) -> dict[str, Any]:
    return asdict(sums) | {name: getattr(sums, name) for name in _SHARES}


def _row(sums: Sums) -> tuple[str, ...]:
    counts = (
        sums.suggestions,
        sums.shown,
        sums.accepted,
        sums.partially_accepted,
        sums.rejected,
        sums.ignored,
    )
    return (
        *(f"{each:,}" for each in counts),
        percent(sums.kept_share),
        percent(sums.written_share),
    )


def recalibrated(recalibration: Recalibration) -> str:
    """A sentence, without its period, on how outcomes have moved confidence."""
    return (
        f"{recalibration.outcomes:,} outcomes have moved confidence on this machine:"
        f" 0.50 now counts as {recalibration.apply(0.5):.2f}"
    )


def _silences(silences: Mapping[str, int], meanings: Mapping[str, str]) -> str:
    width = max(len(f"{count:,}") for count in silences.values())
    lines = [
        f"{count:>{width},}  {meanings.get(reason, reason)} ({reason})"
        for reason, count in silences.items()
    ]
    return "\n".join(["no suggestion, because", *lines])


def _aligned(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in rows
    )
