"""Measure terrain masks and windows: beside gdal_viewshed, an exact ray march, and at full size with terrain.

`python -m bench.surveillance` needs gdal_viewshed (Debian: gdal-bin) and rasterio (the extra `terrain`), takes about
two minutes, and ends with lines `bench NAME VALUE`:

viewshed_ratio   gdal_viewshed's wall time for one height over ours for all heights, same model of 2,401 x 2,401 cells
mask_agreement   share of cells on which mask and exact march agree, the worst of five heights on three reliefs
windows_s        paths, and sight behind terrain, of 2,000 threats, each its own path, x 300 sensors; the better of two
windows_gib      greatest memory of the whole process until then
growth_threats   processor time of windows_s over that of 1,000 threats; growth_sensors: over that of 150 sensors
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from bench.peers.terrain import exact_march, gdal_viewshed, has_gdal, hills, write_degrees, write_metres

import shieldwall
from shieldwall.core.position import Position
from shieldwall.engine.roster import in_order
from shieldwall.engine.windows import compute_geometry
from shieldwall.surveillance.terrain import horizon_mask, minimum_visible_altitude_m

HEIGHTS_M = (10.0, 30.0, 100.0, 300.0, 1_000.0)
REACH_M, ANTENNA_M, MARCHED_CELLS = 110_000.0, 20.0, 20_000
THREADS = 2
_TYPES = ("kalibr", "9m729", "shahed-136", "kh-101")


def viewshed(folder: Path) -> dict[str, float]:
    """Compare one mask with gdal_viewshed and with the exact march, on smooth and on steep ground."""
    ratios, agreements = [], []
    for relief_m, seed in ((600.0, 3), (2_000.0, 4), (6_000.0, 5)):
        model = hills(2_401, 1.0 / 1_200.0, north_deg=1.0, west_deg=29.0, relief_m=relief_m, seed=seed)
        site, source = Position(0.0, 30.0, ANTENNA_M), folder / f"{seed}.tif"
        write_metres(model, source)
        horizon_mask(model, site, range_m=REACH_M)  # compiled now
        ours, theirs = [], []
        for _ in range(5):
            started = time.perf_counter()
            mask = horizon_mask(model, site, range_m=REACH_M)
            ours.append(time.perf_counter() - started)
            theirs.append(gdal_viewshed(model, source, 1_200, 1_200, ANTENNA_M, 100.0, REACH_M)[1])
        ratios.append(float(np.median(theirs) / np.median(ours)))
        rng = np.random.default_rng(seed)
        rows, columns = rng.integers(1, 2_400, MARCHED_CELLS), rng.integers(1, 2_400, MARCHED_CELLS)
        exact, azimuth, distance = exact_march(model, 0.0, 30.0, ANTENNA_M, rows, columns, HEIGHTS_M)
        least_m = minimum_visible_altitude_m(mask, azimuth, distance) - model.height_m[rows, columns]
        near = (distance < REACH_M) & (distance > 500.0)
        same = [float(np.mean((least_m <= h)[near] == exact[near, k])) for k, h in enumerate(HEIGHTS_M)]
        gdal = gdal_viewshed(model, source, 1_200, 1_200, ANTENNA_M, 100.0, REACH_M)[0][rows, columns]
        shares = ", ".join(f"{share:.4f}" for share in same)
        print(f"relief {relief_m:.0f} m: ours {np.median(ours):.3f} s for all heights", end=", ")
        print(f"gdal_viewshed {np.median(theirs):.3f} s for one")
        print(f"  we agree with the march at {HEIGHTS_M} m: {shares}", end="; ")
        print(f"gdal_viewshed at 100 m: {np.mean(gdal[near] == exact[near, 2]):.4f}")
        agreements += same
    return {"viewshed_ratio": min(ratios), "mask_agreement": min(agreements)}


def scenario_text(threats: int, sensors: int) -> str:
    """Return a scenario of low fliers, each with its own path, over a land of 11 x 11 degrees full of radars."""
    rng = np.random.default_rng(11)
    kinds = ("long-range-radar", "medium-range-radar", "medium-range-radar", "gap-filler-radar", "gap-filler-radar")
    places = rng.uniform((46.0, 24.0), (50.0, 32.0), (300, 2))[:sensors]
    radars = [
        f"  - {{id: radar-{i}, type: {kinds[i % 5]}, position: [{lat:.4f}, {lon:.4f}]}}"
        for i, (lat, lon) in enumerate(places)
    ]
    towns = rng.uniform((46.0, 24.0), (50.0, 32.0), (10, 2))
    assets = [
        f"  - {{id: town-{i}, kind: city, position: [{lat:.4f}, {lon:.4f}]}}" for i, (lat, lon) in enumerate(towns)
    ]
    raids = []
    for i in range(threats // 100):
        origins = ", ".join(f"[{lat:.4f}, 35.5]" for lat in rng.uniform(45.0, 51.0, 10))
        raids.append(
            f"  - {{id: raid-{i}, type: {_TYPES[i % 4]}, count: 100, from: [{origins}], "
            f"aim: [{', '.join(f'town-{k}' for k in range(10))}], launch: '21:00', decoy_share: 0}}"
        )
    head = "shieldwall: 1\nname: surveillance-bench\ntime_zone: UTC\nstart: 2025-01-01 20:00\n"
    ground = "terrain: {files: ground.tif, missing: sea}\n"
    return head + ground + "\n".join(["assets:", *assets, "sensors:", *radars, "raids:", *raids]) + "\n"


def windows(folder: Path, threats: int, sensors: int) -> tuple[float, float]:
    """Return wall and processor seconds of all geometry of a scenario, reading the elevation model included."""
    (folder / "scenario.yaml").write_text(scenario_text(threats, sensors))
    scenario = in_order(shieldwall.load(folder))
    tries = []
    for _ in range(2):
        started = time.perf_counter(), time.process_time()
        geometry = compute_geometry(scenario, threads=THREADS)
        tries.append((time.perf_counter() - started[0], time.process_time() - started[1]))
    wall_s, busy_s = (min(column) for column in zip(*tries, strict=True))
    print(
        f"{threats} threats, {sensors} sensors: {wall_s:.2f} s ({busy_s:.2f} s of processors), "
        f"{geometry.paths.salvo.shape[0]} paths, {geometry.sight.path.shape[0]} stays in sight"
    )
    return wall_s, busy_s


def main() -> None:
    if not has_gdal():
        sys.exit("gdal_viewshed is not installed: apt-get install gdal-bin")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ground = hills(2_880, 1.0 / 240.0, north_deg=54.0, west_deg=24.0 - 1.0, relief_m=1_500.0, seed=9)
        write_degrees(ground, folder / "ground.tif")
        windows(folder, 100, 10)  # compiled now
        wall_s, busy_s = windows(folder, 2_000, 300)
        gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        found = {
            "windows_s": wall_s,
            "windows_gib": gib,
            "growth_threats": busy_s / windows(folder, 1_000, 300)[1],
            "growth_sensors": busy_s / windows(folder, 2_000, 150)[1],
        }
        found = viewshed(folder) | found
    for key, value in found.items():
        print(f"bench {key} {value:.4g}")


if __name__ == "__main__":
    main()
