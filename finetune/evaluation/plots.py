"""The report's pictures, as SVG to put into a page."""

import io
import math
from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from codegen_lsp.evaluate.bootstrap import Estimate
from finetune.evaluation.report import ARMS, Report

_LOSS, _MATCH, _BASE, _TUNED = "tab:gray", "tab:green", "tab:blue", "tab:orange"


def learning_curve(curve: Sequence[tuple[int, float | None, float | None]]) -> str:
    """Loss by step where it was finite, and held-out exact match where it was measured."""
    figure, axes = _figure()
    losses = [math.nan if loss is None else loss for _, loss, _ in curve]
    axes.plot([step for step, *_ in curve], losses, color=_LOSS)
    axes.set_xlabel("step")
    axes.set_ylabel("loss (nats per token)", color=_LOSS)
    measured = [(step, match) for step, _, match in curve if match is not None]
    if measured:
        other = axes.twinx()
        other.plot(*zip(*measured, strict=True), "o-", color=_MATCH)
        other.set_ylabel("held-out exact match", color=_MATCH)
    return _as_svg(figure)


def arms(report: Report) -> str:
    """Exact match of the four arms, with their intervals."""
    figure, axes = _figure()
    for index, name in enumerate(ARMS):
        estimate = report.arms[name].exact_match
        colour = _BASE if name.startswith("base") else _TUNED
        axes.bar(index, estimate.mean, color=colour)
        axes.errorbar(index, estimate.mean, _spread([estimate]), color="black", capsize=5)
    axes.set_xticks(range(len(ARMS)), ARMS)
    _shares(axes)
    return _as_svg(figure)


def scales(report: Report) -> str:
    """Exact match by the adapter's scale."""
    figure, axes = _figure()
    points = sorted(report.scales.items())
    means = [estimate.mean for _, estimate in points]
    spread = _spread([estimate for _, estimate in points])
    axes.errorbar([scale for scale, _ in points], means, spread, fmt="o-", color=_TUNED, capsize=5)
    axes.set_xlabel("scale of the adapter")
    _shares(axes)
    return _as_svg(figure)


def _spread(estimates: Sequence[Estimate]) -> list[list[float]]:
    """How far the intervals reach below and above the means; rounding may take them to nothing."""
    return [
        [max(each.mean - each.low, 0.0) for each in estimates],
        [max(each.high - each.mean, 0.0) for each in estimates],
    ]


def _figure() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.5, 3), layout="constrained")
    return figure, figure.add_subplot()


def _shares(axes: Axes) -> None:
    axes.set_ylabel("exact match")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", alpha=0.3)


def _as_svg(figure: Figure) -> str:
    """The picture without the head of an XML file; the same for the same figures."""
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "codegen-lsp"}):
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    text = written.getvalue()
    return text[text.index("<svg") :]
