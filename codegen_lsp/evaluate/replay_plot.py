"""A picture of a replay's latencies. Needs matplotlib, which is an extra; imported only for it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

_COLOURS = {
    "typed_along": "tab:green",
    "same_line": "tab:blue",
    "after_accept": "tab:cyan",
    "new_line": "tab:purple",
    "jump": "tab:orange",
    "peer": "black",
}


def plot(milliseconds: Mapping[str, Sequence[float]], path: Path) -> None:
    """Write a PNG: for each kind, the share of answers that had come after so many milliseconds.

    Args:
        milliseconds: by kind; "peer" stands for the other server.
        path: of the file; one that is there is replaced.
    """
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    axes = figure.add_subplot()
    for kind, times in milliseconds.items():
        if times:
            axes.ecdf(
                times,
                label=f"{kind.replace('_', ' ')} ({len(times)})",
                color=_COLOURS[kind],
                linestyle="--" if kind == "peer" else "-",
            )
    axes.set_xscale("log")
    axes.set_xlabel("milliseconds from the key to the answer")
    axes.set_ylabel("share of answers")
    axes.set_title("codegen-lsp bench replay: time to suggestion")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside right center")
    figure.savefig(path, format="png", dpi=120)
