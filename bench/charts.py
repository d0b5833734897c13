"""Results drawn as bars: one SVG file each, readable on a light page and on a dark one."""

from html import escape

from bench.results import Results

_COLOURS = ("#2f6fb3", "#c8702a", "#3f8f5b", "#8a5bb0", "#a8893a", "#57707f")
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1f2328}.axis{stroke:#8a929b}"
    "@media(prefers-color-scheme:dark){text{fill:#e6e9ed}.axis{stroke:#7b838c}}"
)
_WIDTH, _LABELS, _VALUES, _BAR, _GAP = 720, 230, 70, 14, 10
_TOP = 26


def draw(results: Results) -> str:
    """The columns named in `bars`, for each row: side by side, or one after the other where they are parts of a whole.

    A cell without a number draws nothing.
    """
    places = [results.columns.index(name) for name in results.bars]
    rows = [(str(row[0]), [_number(row[place]) for place in places]) for row in results.rows]
    longest = max((sum(values) if results.stacked else max(values) for _, values in rows), default=0) or 1
    scale = (_WIDTH - _LABELS - _VALUES) / longest
    body, y = _legend(results.bars), _TOP
    for label, values in rows:
        lanes = 1 if results.stacked else len(values)
        middle = y + lanes * _BAR / 2 + 4
        body.append(f'<text x="{_LABELS - 8}" y="{middle:.1f}" text-anchor="end">{escape(label)}</text>')
        body += _stacked(values, y, scale) if results.stacked else _beside(values, y, scale)
        y += lanes * _BAR + _GAP
    axis = f'<line class="axis" x1="{_LABELS}" y1="{_TOP - 4}" x2="{_LABELS}" y2="{y - _GAP + 4}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img" width="{_WIDTH}">'
        f"<title>{escape(results.title)}</title><style>{_STYLE}</style>\n" + "\n".join([*body, axis]) + "\n</svg>\n"
    )


def _beside(values: list[float], top: int, scale: float) -> list[str]:
    drawn = []
    for lane, value in enumerate(values):
        y = top + lane * _BAR
        drawn += [_bar(_LABELS, y, value * scale, lane), _value(_LABELS + value * scale, y, value)]
    return drawn


def _stacked(values: list[float], top: int, scale: float) -> list[str]:
    drawn, x = [], float(_LABELS)
    for part, value in enumerate(values):
        drawn.append(_bar(x, top, value * scale, part))
        x += value * scale
    return [*drawn, _value(x, top, sum(values))]


def _bar(x: float, y: int, width: float, part: int) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR - 2}" fill="{_COLOURS[part % len(_COLOURS)]}"/>'
    )


def _value(x: float, y: int, value: float) -> str:
    return f'<text x="{x + 5:.1f}" y="{y + _BAR - 4}">{value:,.4g}</text>'


def _legend(names: tuple[str, ...]) -> list[str]:
    drawn, x = [], _LABELS
    for part, name in enumerate(names):
        drawn += [_bar(x, 2, _BAR, part), f'<text x="{x + _BAR + 4}" y="12">{escape(name)}</text>']
        x += _BAR + 20 + 7 * len(name)
    return drawn


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0
