"""Draw the pictures of the documentation from the shipped night and campaign: `python docs/pictures/draw.py`."""

from __future__ import annotations

from pathlib import Path

import shieldwall
from shieldwall import plot
from shieldwall.campaign.run import campaign
from shieldwall.report.drawing import svg

HERE = Path(__file__).parent
REPLICATIONS = 500
CAMPAIGNS = 500


def main() -> None:
    """Play the night and write the distribution of leakers, and when rounds run out, as SVG on white."""
    results = shieldwall.simulate(shieldwall.load("night-2025-06-09"), REPLICATIONS, 1)
    figure = plot.leakers(results)
    figure.set_facecolor("white")
    path = HERE / "night-leakers.svg"
    path.write_text(svg(figure, "leakers") + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
    played = campaign(shieldwall.load("attrition"), CAMPAIGNS, 1)
    for name, draw in (("campaign-runs-out", plot.runs_out), ("campaign-stock", plot.stock_by_night)):
        figure = draw(played)
        figure.set_facecolor("white")
        path = HERE / f"{name}.svg"
        path.write_text(svg(figure, name) + "\n", encoding="utf-8")
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
