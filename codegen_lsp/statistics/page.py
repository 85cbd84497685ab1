"""The report as one HTML page with plots: no script, nothing fetched, light and dark."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape

from codegen_lsp.statistics.charts import horizontal_bars, legend, lines, stacked_bars
from codegen_lsp.statistics.report import Report, Sums
from codegen_lsp.statistics.words import percent, recalibrated

_MOST_DAYS = 90
_MOST_SILENCES = 15

_STYLE = """
:root { color-scheme: light dark; --back: #ffffff; --front: #1c1e21; --soft: #6b7280;
  --line: #e5e7eb; --accepted: #009e73; --part: #56b4e9; --rejected: #d55e00; --ignored: #9ca3af;
  --open: #d1d5db; --bar: #0072b2; }
@media (prefers-color-scheme: dark) { :root { --back: #16181c; --front: #e5e7eb; --soft: #9ca3af;
  --line: #33373d; --ignored: #7b828c; --open: #4b5159; --bar: #56b4e9; } }
body { background: var(--back); color: var(--front); font: 15px/1.5 system-ui, sans-serif;
  max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .3rem; }
p { margin: .2rem 0; color: var(--soft); }
svg { width: 100%; height: auto; display: block; } svg text { font-size: 12px; fill: var(--soft); }
.grid { stroke: var(--line); } .line { fill: none; stroke-width: 2; }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: 8px; padding: .5rem .8rem;
  flex: 1 1 6rem; color: var(--soft); font-size: .85rem; }
.tiles b { display: block; color: var(--front); font-size: 1.5rem; }
.legend { display: flex; flex-wrap: wrap; gap: 1rem; margin: .2rem 0; padding: 0;
  list-style: none; color: var(--soft); font-size: .85rem; }
.legend i { display: inline-block; width: .8em; height: .8em; border-radius: 2px;
  margin-right: .4em; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child, .meanings :is(th, td) { text-align: left; }
th { color: var(--soft); font-weight: 500; }
"""
_COLOURS = {
    "accepted": "accepted",
    "accepted-in-part": "part",
    "rejected": "rejected",
    "ignored": "ignored",
    "open": "open",
    "bar": "bar",
    "written-by-completion": "bar",
    "kept-after-30-s": "accepted",
}


def as_html(report: Report, meanings: Mapping[str, str]) -> str:
    """The page; `meanings` says in words what a reason's code means."""
    if not (report.days or report.silences):
        body = "<p>Nothing was counted yet.</p>"
    else:
        body = "\n".join(
            [
                _tiles(report.total),
                _days(report),
                _kinds(report),
                _latency(report),
                _recalibrated(report),
                _silences(report.silences, meanings),
            ]
        )
    since = f" since {report.since.isoformat()}" if report.since else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>codegen-lsp statistics</title>
<style>{_STYLE}{_colours()}</style>
</head>
<body>
<h1>codegen-lsp: how suggestions fared</h1>
<p>Counted on this machine{since}; nothing of it was sent anywhere.</p>
{body}
</body>
</html>
"""


def _colours() -> str:
    return "".join(
        f".{name} {{ fill: var(--{colour}); background: var(--{colour}); }}\n"
        f".line.{name} {{ fill: none; stroke: var(--{colour}); }}\n"
        for name, colour in _COLOURS.items()
    )


def _tiles(total: Sums) -> str:
    tiles = {
        "suggestions": f"{total.suggestions:,}",
        "accepted, at least in part": percent(total.completion_acceptance_rate),
        "of accepted characters kept after 30 s": percent(total.kept_share),
        "of code written by completion": percent(total.written_share),
        "answered from the cache": percent(total.cache_share),
    }
    cells = (f"<li><b>{value}</b>{escape(name)}</li>" for name, value in tiles.items())
    return f'<ul class="tiles">{"".join(cells)}</ul>'


def _days(report: Report) -> str:
    days = _every_day(report.days)
    sums = [report.days.get(day, Sums()) for day in days]
    outcomes = {
        "accepted": [each.accepted for each in sums],
        "accepted in part": [each.partially_accepted for each in sums],
        "rejected": [each.rejected for each in sums],
        "ignored": [each.ignored for each in sums],
        "open": [_open(each) for each in sums],
    }
    shares = {
        "written by completion": [each.written_share for each in sums],
        "kept after 30 s": [each.kept_share for each in sums],
    }
    return (
        f"<h2>Suggestions by day</h2>{stacked_bars('Suggestions by day', days, outcomes)}"
        f"{legend(outcomes)}<p>Open: typed out by hand, or the document was closed.</p>"
        f"<h2>Shares by day</h2>{lines('Shares by day', days, shares)}{legend(shares)}"
        "<p>Of the characters that came into documents, those written by completion; of the"
        " accepted ones, those that still stood there after 30 s.</p>"
    )


def _every_day(known: Mapping[str, object]) -> list[str]:
    """All days from the first to the last of those `known`, the latest ones if there are many."""
    if not known:
        return []
    first, last = date.fromisoformat(min(known)), date.fromisoformat(max(known))
    count = min((last - first).days + 1, _MOST_DAYS)
    return [(last - timedelta(back)).isoformat() for back in reversed(range(count))]


def _open(sums: Sums) -> int:
    decided = sums.accepted + sums.partially_accepted + sums.rejected + sums.ignored
    return sums.suggestions - decided


def _kinds(report: Report) -> str:
    heads = (
        "",
        "sent",
        "shown",
        "accepted",
        "in part",
        "kept",
        "characters accepted",
        "written",
    )
    rows = [
        (
            name,
            f"{sums.suggestions:,}",
            f"{sums.shown:,}",
            f"{sums.accepted:,}",
            f"{sums.partially_accepted:,}",
            percent(sums.kept_share),
            f"{sums.accepted_characters:,}",
            percent(sums.written_share),
        )
        for name, sums in (report.languages | report.kinds).items()
    ]
    return f"<h2>By language, trigger and extent</h2>{_table(heads, rows)}"


def _latency(report: Report) -> str:
    if not report.latency_ms:
        return ""
    bars = [
        (f"{source}, p{each}", "", value, f"{value:,.0f} ms")
        for source, values in report.latency_ms.items()
        for each, value in values.items()
        if each in (50, 95)
    ]
    chart = horizontal_bars("Milliseconds to an answer", bars)
    return f"<h2>Milliseconds from the request to the answer</h2>{chart}"


def _recalibrated(report: Report) -> str:
    if not report.recalibration.outcomes:
        return ""
    return f"<h2>Confidence</h2><p>{escape(recalibrated(report.recalibration))}.</p>"


def _silences(silences: Mapping[str, int], meanings: Mapping[str, str]) -> str:
    if not silences:
        return ""
    rows = [
        (reason, meanings.get(reason, reason), float(count), f"{count:,}")
        for reason, count in list(silences.items())[:_MOST_SILENCES]
    ]
    heads = ("reason", "meaning")
    cells = [(code, meaning) for code, meaning, *_ in rows]
    return (
        f"<h2>Why there was no suggestion</h2>{horizontal_bars('Reasons for silence', rows)}"
        f'<div class="meanings">{_table(heads, cells)}</div>'
    )


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
