"""Forecast reported nights, score the forecasts, and fit figures to them: on a made-up table, since none is shipped.

Run it with `python docs/tutorials/04_forecast_reported_nights.py`. With your own copy of the public table the same is
`shieldwall backcast FILE` and `shieldwall calibrate FILE`.
"""

import datetime as dt
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from shieldwall.scenario.load import read
from shieldwall.validation import backcast, read_attack_table
from shieldwall.validation.calibration import follow_classes
from shieldwall.validation.figure_fit import Play, fit_figures

# 1. A table as it is published, made up: half a year of nights, 4 to 16 % of the drones leak; one row is wrong.
luck = random.Random(1)
rows = ["time_start,time_end,model,launch_place,launched,destroyed,not_reach_goal"]
for day in range(180):
    date = dt.date(2024, 7, 1) + dt.timedelta(days=day)
    place, chance = luck.choice([("Kursk oblast", 0.04), ("Chauda, Crimea", 0.16)])
    launched = luck.randint(30, 120)
    leaked = sum(luck.random() < chance for _ in range(launched))
    lost = (launched - leaked) // 3
    rows.append(f'{date},{date} 08:00,Shahed-136/131,"{place}",{launched},{launched - leaked - lost},{lost}')
rows.append("2024-12-28,2024-12-28 08:00,Orlan-10,,2,2,0")

with TemporaryDirectory() as folder:
    file = Path(folder) / "attacks.csv"
    file.write_text("\n".join(rows), encoding="utf-8")

    # 2. Read and clean it: every row that is dropped or changed is listed with its reason.
    table = read_attack_table(file)
    print(f"{table.rows} rows, {len(table.nights)} nights")
    print("\n".join(table.treated.lines()))

    # 3. Forecast each night of the last quarter from the nights before it, beside simple rules. Smaller is better.
    (split,) = backcast(table, dt.date(2024, 10, 1), dt.date(2024, 12, 31))
    for method, score in split.scores.items():
        assert score is not None
        print(f"  {method:<14} MAE {score.mae:.2f}  CRPS {score.crps:.2f}  90 % cover {score.coverage_90:.0%}")

    # 4. What do the reports say of the class, and what of a shot? Fitted through the simulator, with a defence.
    followed = follow_classes(table, dt.date(2025, 1, 1))
    play = Play(read("one-battery"), points=32, replications=16, seed=1)
    fits, figures = fit_figures(followed, play)
    for path, figure in figures.items():
        was = "{:g} ({:g} to {:g})".format(*figure.catalogue)
        print(f"{path}: {figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f}), catalogue {was}")
