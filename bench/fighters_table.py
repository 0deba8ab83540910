"""Print what a fifth-generation fighter adds as a sensor of its network: the same night with and without its radar.

python -m bench.fighters_table [-n 400] [--seed 1] [--write]     (--write: into docs/model/fighters.md)

The place has no ground radar but its batteries' own. Two F-35 patrol before it, then two that tell nobody what they
see, then nobody. Same luck.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench.readme_table import markdown, number, options, show

import shieldwall
from shieldwall.results.statistics import paired_difference

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "model" / "fighters.md"
SCENARIO = HERE / "patrol_before_a_city.yaml"
CASES = {
    "two F-35 on patrol, their radar in the network": [],
    "two F-35 on patrol, their radar for themselves": ["overrides.sensors.fighter-radar.detection_probability=0"],
    "no fighters": ["fighters=[]"],
}
HEAD = ("case", "tracked, minutes before impact (mean)", "leaked of 60, mean (90 %)", "change", "killed by fighters")


def main() -> None:
    """Play the cases and print the table."""
    chosen = options(__doc__, 400, "docs/model/fighters.md")
    rows, base = [], None
    for name, changes in CASES.items():
        run = shieldwall.simulate(shieldwall.load(SCENARIO, overrides=changes), chosen.replications, chosen.seed)
        told = run.query(
            "select replication, sum(fate in ('leaked_hit', 'leaked_missed')) as leaked from rows group by 1 order by 1"
        )
        leaked = np.asarray(told.column("leaked").to_numpy(), float)
        track = run.query("select avg(end_s - first_track_s) / 60 as m from rows where fate like 'leaked%'").to_pylist()
        low, high = np.quantile(leaked, [0.05, 0.95])
        base = leaked if base is None else base
        change = "-" if base is leaked else f"{paired_difference(leaked, base).mean:+.1f}"
        kills = sum(f.counts["kills"].mean for f in run.summary().fighters.values())
        minutes = track[0]["m"]
        rows.append(
            (
                name,
                number(minutes) if minutes is not None else "-",
                f"{number(leaked.mean())} ({low:.0f}-{high:.0f})",
                change,
                number(kills),
            )
        )
    table = f"{chosen.replications:,} raids, seed {chosen.seed}.\n\n" + markdown(HEAD, rows)
    show({"sensor": table}, PAGE, write=chosen.write)


if __name__ == "__main__":
    main()
