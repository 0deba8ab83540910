"""Print what weapons control, zones and a shared picture cost in aircraft of our own: the same night, the same luck.

python -m bench.busy_sky_table [-n 2000] [--seed 1] [--write]     (--write: into the scenario's README)
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench.readme_table import markdown, number, options, show

import shieldwall
from shieldwall import Results
from shieldwall.results.statistics import paired_difference

README = Path(__file__).parents[1] / "scenarios" / "busy-sky" / "README.md"
CASES = {
    "control": {
        "tight, zones as written": [],
        "free, zones as written": ["doctrine.weapons_control=free"],
        "tight, no zones": ["airspace=[]"],
        "free, no zones": ["airspace=[]", "doctrine.weapons_control=free"],
        "hold": ["doctrine.weapons_control=hold"],
    },
    "picture": {
        "sectors": [],
        "every fire unit alone": ["integration=autonomous"],
        "one alliance-wide system": ["integration=alliance"],
    },
    "identification": {
        "as assumed": [],
        "every look brings a verdict": ["identification.verdict=1"],
        "one look in two": ["identification.verdict=0.5"],
        "nobody is mistaken": [f"identification.called_hostile.{name}=0" for name in (
            "airliner", "military-transport", "returning-fighter", "rescue-helicopter", "army-helicopter",
            "friendly-drone", "light-plane",
        )],
    },
}  # fmt: skip
HEAD = ("", "leaked of 80", "change", "our own shot down", "civil shot down", "people aboard", "rounds", "duplicates")


def main() -> None:
    """Play the cases and print the tables."""
    chosen = options(__doc__, 2000)
    texts = {}
    for name, cases in CASES.items():
        rows, base = [], None
        for case, changes in cases.items():
            run = shieldwall.simulate(shieldwall.load("busy-sky", overrides=changes), chosen.replications, chosen.seed)
            leaked = leakers(run)
            base = leaked if base is None else base
            rows.append((case, number(leaked.mean()), "-" if base is leaked else change(leaked, base), *told(run)))
        texts[name] = f"{chosen.replications:,} raids, seed {chosen.seed}; means.\n\n" + markdown(HEAD, rows)
    show(texts, README, write=chosen.write)


def leakers(run: Results) -> np.ndarray:
    """Return how many leaked in each replication, (R,)."""
    counted = run.query("select sum(fate in ('leaked_hit', 'leaked_missed')) as n from rows group by replication "
                        "order by replication")  # fmt: skip
    return np.asarray(counted.column("n").to_numpy(), float)


def change(leaked: np.ndarray, base: np.ndarray) -> str:
    """Return the mean difference on the same luck with its 90 % interval."""
    found = paired_difference(leaked, base)
    return f"{found.mean:+.2f} ({found.low:+.2f} to {found.high:+.2f})"


def told(run: Results) -> tuple[str, ...]:
    """Return aircraft shot down by side, people aboard, rounds fired and duplicate engagements."""
    summary = run.summary()
    lost = {side: sum(f.shot_down.mean for f in summary.traffic.values() if f.side == side)
            for side in ("friend", "civil")}  # fmt: skip
    people = sum(f.people_lost for f in summary.traffic.values())
    rounds = sum(r.fired.mean for r in summary.rounds.values())
    return (*map(number, (lost["friend"], lost["civil"], people, rounds)), number(summary.duplicates.mean))


if __name__ == "__main__":
    main()
