"""Print the night of 8-9 June 2025 beside the report, and at every end of its assumed figures.

python -m bench.night_range [-n 2000] [--seed 1] [--write]     (--write puts the tables into its README)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from bench.readme_table import markdown, number, options, put, show
from numpy.typing import NDArray

import shieldwall
from shieldwall.results.results import Results
from shieldwall.results.row import Fate
from shieldwall.results.tally import leakers, threat_types
from shieldwall.scenario.load import scenario_path
from shieldwall.study.extremes import extreme

NIGHT = "night-2025-06-09"
ORDER = ("shahed-136", "kh-101", "kinzhal", "kh-22", "kh-31p", "kh-35", "total")
CENTRAL = "central"
COLUMNS: Mapping[str, str] = {
    "low": "all LOW",
    "unfavourable": "all against the defence",
    CENTRAL: "CENTRAL",
    "favourable": "all for the defence",
    "high": "all HIGH",
}
IN_FRONT = ("beside", "range")  # shown in the front README too
Counts = NDArray[np.float64]


def main() -> None:
    """Play the night at every end and print the tables."""
    chosen = options(__doc__, 2_000)

    scenario = shieldwall.load(NIGHT)
    ends = {end: () if end == CENTRAL else extreme(scenario, end) for end in COLUMNS}  # type: ignore[arg-type]
    runs = {end: play(settings, chosen.replications, chosen.seed) for end, settings in ends.items()}
    without = play(("fire_units.patriot-dubno.availability=0",), chosen.replications, chosen.seed)
    texts = {
        "beside": beside_the_report(runs[CENTRAL], scenario.reported, chosen.replications),
        "range": over_the_range(runs, scenario.reported, chosen.replications, {k: len(v) for k, v in ends.items()}),
        "dubno": without_a_battery(runs[CENTRAL], without),
    }
    show(texts, scenario_path(NIGHT).parent / "README.md", write=chosen.write)
    for name in IN_FRONT if chosen.write else ():
        put(scenario_path(NIGHT).parents[2] / "README.md", name, texts[name])


def play(settings: Sequence[str], replications: int, seed: int) -> Results:
    """Return a run of the night with settings."""
    return shieldwall.simulate(shieldwall.load(NIGHT, overrides=settings), replications, seed)


def outcome(run: Results, name: str) -> dict[str, Counts]:
    """Return what became of one type (or "total") by replication: shot_down, suppressed (with failed), leaked, (R,)."""
    types = threat_types(run.roster)
    chosen = slice(None) if name == "total" else slice(types.index(name), types.index(name) + 1)
    fates = run.counts.fates[:, chosen].sum(axis=1).astype(np.float64)
    return {
        "shot_down": fates[:, Fate.SHOT_DOWN],
        "suppressed": fates[:, Fate.SUPPRESSED] + fates[:, Fate.FAILED],
        "leaked": leakers(fates),
    }


def shown(values: Counts) -> str:
    """Return mean and 90 % interval."""
    low, high = np.quantile(values, (0.05, 0.95))
    return f"{number(values.mean())} ({low:.0f}-{high:.0f})"


def where(values: Counts, reported: float) -> str:
    """Say inside which interval of the model a reported figure lies."""
    for share in (50, 90):
        low, high = np.quantile(values, (0.5 - share / 200, 0.5 + share / 200))
        if low <= reported <= high:
            return f"inside {share} %"
    return "outside"


def beside_the_report(run: Results, reported: Mapping[str, Mapping[str, float]], replications: int) -> str:
    """Return the night at central figures beside the report, with residuals."""
    rows = []
    for name in ORDER:
        for what, values in outcome(run, name).items():
            said = reported[name][what]
            label = {"shot_down": "shot down", "suppressed": "suppressed or lost", "leaked": "leaked"}[what]
            rows.append(
                [f"{name}, {label}", shown(values), f"{said:g}", f"{values.mean() - said:+.1f}", where(values, said)]
            )
    head = ["central figures", "model, mean (90 %)", "reported", "residual", "reported lies"]
    return f"{replications:,} raids, seed {run.manifest.seed}.\n\n{markdown(head, rows)}"


def over_the_range(
    runs: Mapping[str, Results],
    reported: Mapping[str, Mapping[str, float]],
    replications: int,
    moved: Mapping[str, int],
) -> str:
    """Return leakers by type at every end of the assumed figures."""
    head = ["leaked, mean (90 %)", *COLUMNS.values(), "reported"]
    rows = [
        [name, *(shown(outcome(runs[end], name)["leaked"]) for end in COLUMNS), f"{reported[name]['leaked']:g}"]
        for name in ORDER
    ]
    rows += [
        [
            f"drones, {label}",
            *(shown(outcome(runs[end], ORDER[0])[what]) for end in COLUMNS),
            f"{reported[ORDER[0]][what]:g}",
        ]
        for what, label in (("shot_down", "shot down"), ("suppressed", "suppressed or lost"))
    ]
    rows.append(["figures moved", *(f"{moved[end]}" for end in COLUMNS), ""])
    return f"{replications:,} raids for each column.\n\n{markdown(head, rows)}"


def without_a_battery(central: Results, without: Results) -> str:
    """Return what the battery at Dubno does to the Kinzhal."""
    head = ["Kinzhal", "shot down", "leaked"]
    rows = [
        [label, shown(outcome(run, "kinzhal")["shot_down"]), shown(outcome(run, "kinzhal")["leaked"])]
        for label, run in (("with the Patriot battery at Dubno", central), ("without it", without))
    ]
    return markdown(head, rows)


if __name__ == "__main__":
    main()
