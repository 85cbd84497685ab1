"""The report as one HTML page: nothing fetched, no script."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from codegen_lsp.evaluate.bootstrap import Estimate
from finetune.evaluation import plots
from finetune.evaluation.report import ARMS, Report


def as_html(report: Report) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("finetune", "evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "points": _points, "plain": _plain}
    return environment.get_template("page.html").render(
        report=report,
        arms=[(name, report.arms[name]) for name in ARMS],
        pictures={
            "curve": Markup(plots.learning_curve(report.curve)),  # noqa: S704 - our own drawing
            "arms": Markup(plots.arms(report)),  # noqa: S704
            "scales": Markup(plots.scales(report)),  # noqa: S704
        },
    )


def _percent(estimate: Estimate) -> str:
    return f"{estimate.mean:.1%} ({estimate.low:.1%} to {estimate.high:.1%})"


def _points(estimate: Estimate) -> str:
    mean, low, high = (100 * each for each in (estimate.mean, estimate.low, estimate.high))
    return f"{mean:+.1f} ({low:+.1f} to {high:+.1f})"


def _plain(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    return f"{estimate.mean:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"
