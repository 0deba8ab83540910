"""A figure that shows itself in a notebook and turns into SVG, to the same bytes every time."""

from __future__ import annotations

import io
import re
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from shieldwall.report.palette import BLUE, INK, LAND, LINE, MUTED

_STYLE: Any = {  # Any: rcParams has a type of its own for every key
    "font.family": "sans-serif",
    "font.size": 9.5,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}
_PAGE_COLOURS = {
    BLUE: "var(--blue)",
    INK: "currentColor",
    MUTED: "var(--muted)",
    LINE: "var(--line)",
    LAND: "var(--land)",
}
_WIDTH_IN = 5.2


class Drawing(Figure):
    """A matplotlib figure that notebooks show as SVG on white."""

    def _repr_svg_(self) -> str:
        self.set_facecolor("white")
        return svg(self, "notebook")


def canvas(height_in: float, *, width_in: float = _WIDTH_IN) -> tuple[Drawing, Axes]:
    """Return an empty drawing in the house's style and its axes."""
    with mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(width_in, height_in), layout="constrained")
        axes = drawing.add_subplot()
    return drawing, axes


def svg(figure: Figure, key: str, *, letters_as_paths: bool = False) -> str:
    """Return a figure as one `<svg>` element, ids prefixed by `key` so that several stand in one page."""
    buffer = io.StringIO()
    settings = {**_STYLE, "svg.fonttype": "path" if letters_as_paths else "none", "svg.hashsalt": key}
    with mpl.rc_context(settings):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Type": None, "Format": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', text)
    text = re.sub(r'(href="|url\()#', rf"\1#{key}-", text)
    return text.strip()


def page_svg(figure: Figure, key: str, label: str) -> str:
    """Return a figure as SVG for a page: as wide as its place, in the page's colours, with words for who listens."""
    text = svg(figure, key)
    for colour, page_colour in _PAGE_COLOURS.items():
        text = re.sub(re.escape(colour), page_colour, text, flags=re.IGNORECASE)
    head, rest = text.split(">", 1)
    head = re.sub(r'\s(?:width|height|version)="[^"]*"', "", head)
    said = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'{head} role="img" aria-label="{said}">{rest}'
