"""List reported test launches by the shape of their arc: `python -m bench.launches TABLE.csv`.

TABLE has the columns date, missile, type, outcome, apogee_km, distance_km (as the CNS/NTI North Korea Missile Test
Database does, https://github.com/nagix/nk-missile-tests). Failures and space launches are left out. Ends with lines
`bench NAME VALUE`: how many are near least energy, lofted, depressed; mean and mean absolute residual of the apogees of
the first group from those of least energy, km.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from shieldwall.raid.ballistic import minimum_energy_apogee_m
from shieldwall.raid.shape import arc_shape

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data" / "published" / "nk_tests_apogee_range.csv"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not path.is_file():
        sys.exit(f"there is no table {path}: name one, as python -m bench.launches TABLE.csv")
    with path.open() as file:
        rows = [row for row in csv.DictReader(file) if row["outcome"] != "failure" and row["type"] != "SLV"]
    shapes, residuals = [], []
    print(f"{'date':<12}{'missile':<22}{'range km':>9}{'apogee km':>10}{'least energy':>13}{'residual':>9}  shape")
    for row in rows:
        distance_m, apogee_m = float(row["distance_km"]) * 1e3, float(row["apogee_km"]) * 1e3
        least_m = float(minimum_energy_apogee_m(distance_m))
        shapes.append(arc_shape(distance_m, apogee_m))
        residual_km = (apogee_m - least_m) / 1e3
        if shapes[-1] == "least_energy":
            residuals.append(residual_km)
        figures = f"{distance_m / 1e3:>9.0f}{apogee_m / 1e3:>10.0f}{least_m / 1e3:>13.0f}{residual_km:>+9.0f}"
        print(f"{row['date']:<12}{row['missile'][:21]:<22}{figures}  {shapes[-1].replace('_', ' ')}")
    for shape, count in sorted(Counter(shapes).items()):
        print(f"bench launches_{shape} {count}")
    print(f"bench launches_residual_km {np.mean(residuals):.3g}")
    print(f"bench launches_residual_abs_km {np.mean(np.abs(residuals)):.3g}")


if __name__ == "__main__":
    main()
