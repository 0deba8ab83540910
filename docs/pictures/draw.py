"""Draw the pictures of the documentation from the shipped night: `python docs/pictures/draw.py`."""

from __future__ import annotations

from pathlib import Path

import shieldwall
from shieldwall import plot
from shieldwall.report.drawing import svg

HERE = Path(__file__).parent
REPLICATIONS = 500


def main() -> None:
    """Play the night and write the distribution of leakers, as SVG on white."""
    results = shieldwall.simulate(shieldwall.load("night-2025-06-09"), REPLICATIONS, 1)
    figure = plot.leakers(results)
    figure.set_facecolor("white")
    path = HERE / "night-leakers.svg"
    path.write_text(svg(figure, "leakers") + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
