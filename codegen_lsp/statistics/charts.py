"""Charts as inline SVG: plain text, no script; colours are classes of the page's style sheet."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 8, 10, 24
_PLOT_WIDTH = _WIDTH - _LEFT - _RIGHT
_PLOT_HEIGHT = _HEIGHT - _TOP - _BOTTOM
_ROW = 24
_NAME = 170  # width of the names of horizontal bars
_LETTER = 7  # width of a digit, about
_MOST_BAR = 36  # widest bar
_STEPS = (1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100)


def stacked_bars(title: str, labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> str:
    """A bar for each label, made of a part for each of `series`, whose names are classes too."""
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    top = _nice_top(max(totals, default=0))
    step = _PLOT_WIDTH / max(len(labels), 1)
    width = min(step * 0.8, _MOST_BAR)
    parts = [*_grid(top, lambda value: f"{value:,.0f}"), *_x_labels(labels, step)]
    for index, label in enumerate(labels):
        height = 0.0
        for name, values in series.items():
            if not values[index]:
                continue
            part = _PLOT_HEIGHT * values[index] / top
            x, y = _LEFT + step * (index + 0.5) - width / 2, _floor() - height - part
            tip = f"{label}: {values[index]:,} {name}"
            parts.append(_rectangle((x, y, width, part), _class(name), tip))
            height += part
    return _svg(title, _HEIGHT, parts)


def lines(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> str:
    """A line of shares (0 to 1) for each of `series`; None is a gap in it."""
    step = _PLOT_WIDTH / max(len(labels), 1)
    parts = [*_grid(1.0, lambda value: f"{100 * value:.0f} %"), *_x_labels(labels, step)]
    for name, values in series.items():
        points = [
            None
            if value is None
            else (_LEFT + step * (index + 0.5), _floor() - _PLOT_HEIGHT * value)
            for index, value in enumerate(values)
        ]
        parts.append(f'<path class="line {_class(name)}" d="{_path(points)}"/>')
        for label, value, point in zip(labels, values, points, strict=True):
            if point is not None and value is not None:
                tip = escape(f"{label}: {name} {100 * value:.0f} %")
                parts.append(
                    f'<circle class="{_class(name)}" cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3">'
                    f"<title>{tip}</title></circle>"
                )
    return _svg(title, _HEIGHT, parts)


def horizontal_bars(title: str, rows: Sequence[tuple[str, str, float, str]]) -> str:
    """A bar for each of `rows`: its name, what explains it, its value, and that in words."""
    most = max((value for _, _, value, _ in rows), default=0) or 1
    room = _WIDTH - _NAME - _LETTER * max((len(words) for *_, words in rows), default=0) - 12
    parts = []
    for index, (name, meaning, value, words) in enumerate(rows):
        y = index * _ROW
        width = max(room * value / most, 1)
        parts += [
            f'<text x="{_NAME - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>',
            _rectangle((_NAME, y + 4, width, _ROW - 8), "bar", meaning),
            f'<text x="{_NAME + width + 6:.1f}" y="{y + 16}">{escape(words)}</text>',
        ]
    return _svg(title, _ROW * len(rows), parts)


def legend(names: Iterable[str]) -> str:
    """What the colours of `names` mean."""
    keys = (f'<li><i class="{_class(name)}"></i>{escape(name)}</li>' for name in names)
    return f'<ul class="legend">{"".join(keys)}</ul>'


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _grid(top: float, words: Callable[[float], str]) -> list[str]:
    ticks = [top * quarter / 4 for quarter in range(5)]
    return [
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{words(tick)}</text>'
        for tick in ticks
        for y in [_floor() - _PLOT_HEIGHT * tick / top]
    ]


def _x_labels(labels: Sequence[str], step: float) -> list[str]:
    """As many labels as there is room for, the last one always."""
    every = max(math.ceil(52 / step), 1)
    return [
        f'<text x="{_LEFT + step * (index + 0.5):.1f}" y="{_HEIGHT - 6}" text-anchor="middle">'
        f"{escape(label[5:])}</text>"
        for index, label in enumerate(labels)
        if (len(labels) - 1 - index) % every == 0
    ]


def _rectangle(box: tuple[float, float, float, float], kind: str, tip: str) -> str:
    x, y, width, height = box
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}">'
        f"<title>{escape(tip)}</title></rect>"
    )


def _path(points: Iterable[tuple[float, float] | None]) -> str:
    commands, is_pen_down = [], False
    for point in points:
        if point is not None:
            commands.append(f"{'L' if is_pen_down else 'M'}{point[0]:.1f} {point[1]:.1f}")
        is_pen_down = point is not None
    return " ".join(commands)


def _class(name: str) -> str:
    return name.replace(" ", "-")


def _floor() -> float:
    return _HEIGHT - _BOTTOM


def _nice_top(value: float) -> float:
    """Four times the least round step with which that is no less than `value`."""
    scale = 1
    while value > 4 * _STEPS[-1] * scale:
        scale *= 10
    return 4.0 * next(step for step in _STEPS if 4 * step * scale >= value) * scale
