"""A scenario in which everything happens that the engine knows, and what is kept of a run of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import shieldwall
from shieldwall import Results
from verification.lab import (
    Fields,
    battery,
    effector,
    place,
    radar,
    raid,
    scenario,
    threat,
    town,
    weapon,
    write,
    zone,
)

TABLES = ("rows", "weapons", "targets", "losses", "events")
SEED = 20_250_609


def features() -> Fields:
    """Return a scenario with every feature of the language that reaches the kernel."""
    return scenario(
        [
            raid(12, "drones", timing="poisson", spread="20 min", decoy_share=0.3, abort_share=0.05, routes=3)
            | {"route_spread": "8 km", "aim": {"town": 3, "plant": 1}},
            raid(4, "cruise", type="cruise", timing="normal", spread="3 min", launch="+00:12", aim=["plant"]),
            raid(2, "hunter", type="hunter", aim="radars", launch="+00:08", spread="2 min"),
            raid(
                3,
                "arc",
                type="arc",
                launch=None,
                arrive="+00:20",
                timing="equal",
                spread="1 min",
                aim=["north", "town"],
            )
            | {"aim": ["north", "town"], "axis": {"toward": "town", "bearing": "45 deg", "distance": "250 km"}},
        ],
        integration="sector",
        command={"identification": "10 s", "command": "15 s", "delay": "exponential"},
        doctrine={
            "weapons_control": "tight",
            "shots": {
                "drone": {"salvo": 1, "max_shots": 3, "assess": "8 s"},
                "cruise": {"salvo": 2, "max_shots": 5, "assess": "5 s"},
                "anti_radiation": {"salvo": 2, "max_shots": 2, "assess": "0 s"},
                "ballistic": {"salvo": 2, "max_shots": 4, "assess": "2 s"},
            },
            "prefer": {"drone": ["short", "long"]},
            "reserves": [{"effector": "long", "keep": 2, "for": ["ballistic"]}],
        },
        assets=[
            {"id": "town", "kind": "lab-town", "position": place(0, 0)},
            {"id": "plant", "kind": "lab-town", "position": place(200, 12), "value": 300, "hardness": "400 kg"},
        ],
        sensors=[{"id": "early", "type": "wide", "position": place(90, 20), "sector": "home", "availability": 0.9}],
        fire_units=[
            {"id": "north", "type": "mixed", "position": place(20, 6), "sector": "home"},
            {"id": "south", "type": "mixed", "position": place(160, 9), "sector": "home", "channels": 1},
            {
                "id": "guns",
                "type": "close",
                "position": place(90, 2),
                "sector": "other",
                "count": 2,
                "availability": 0.8,
            },
        ],
        soft_kill_zones=[
            {"id": "jam-one", "type": "jammer", "position": place(80, 15), "radius": "9 km"},
            {"id": "jam-two", "type": "jammer", "position": place(95, 10), "radius": "6 km"},
        ],
        catalogue={
            "threats": [
                threat(failure=0.05, circular_error=400.0),
                threat("cruise", "cruise", speed=240.0, height=100.0, circular_error=50.0, warhead=400.0),
                threat("hunter", "anti_radiation", speed=900.0, height=9_000.0, circular_error=30.0),
                threat("arc", "ballistic", speed=1_000.0, circular_error=80.0, warhead=500.0)
                | {"path": "quasi_ballistic", "apogee": threat(height=50_000.0)["height"]},
            ],
            "effectors": [
                effector(
                    "long", {"drone": 0.7, "cruise": 0.7, "anti_radiation": 0.6, "ballistic": 0.5}, 40.0, interval=3.0
                ),
                effector("short", {"drone": 0.4}, 9.0, speed=600.0, reaction=3.0, rounds_per_shot=2),
                effector("burst", {"drone": 0.3, "cruise": 0.2}, 3.0, rounds_per_shot=7, height_max=3_000.0),
            ],
            "sensors": [
                radar(detection=0.8, hits=2, scan=4.0),
                radar("wide", range_km=150.0, scan=10.0, hits=3, detection=0.7),
            ],
            "fire_units": [
                battery(
                    "mixed",
                    [
                        weapon("long", launchers=2, each=3, reserve=4, reload_s=120.0),
                        weapon("short", launchers=1, each=5, reserve=6, reload_s=60.0),
                    ],
                    channels=2,
                    hardness=80.0,
                    backup=True,
                ),
                battery("close", [weapon("burst", each=40, reserve=40)], channels=1, ready=30.0),
            ],
            "assets": [town(500.0)],
            "soft_kill": [zone(drone=12.0, cruise=2.0)],
        },
    )


def structured() -> Fields:
    """Return the same under a command structure with queues, latencies, outages and a lost node."""
    nodes = [
        {"id": "top", "level": "alliance", "operators": 2, "queue": 3, "service": "12 s", "order": "value"},
        {"id": "home", "level": "sector", "parent": "top", "operators": 1},
    ]
    return features() | {
        "integration": "alliance",
        "structure": {
            "nodes": nodes,
            "links": [
                {"from": "early", "to": "home", "latency": "3 s"},
                {"from": "home", "to": "top", "latency": "1 s", "outages": [{"from": "+00:14", "to": "+00:17"}]},
                {"from": "north", "to": "home", "latency": "2 s", "outages": [{"from": "+00:13", "to": "+00:15"}]},
            ],
            "losses": [{"node": "home", "at": "+00:18", "repair": "4 min"}, {"node": "top", "at": "+00:24"}],
        },
    }


def crowded() -> Fields:
    """Return the same among airliners and helicopters that are told from threats with error, some in a corridor."""
    aircraft = [
        {
            "id": name,
            "name": name,
            "side": side,
            "engaged_as": engaged_as,
            "speed": threat(speed=speed)["speed"],
            "height": threat(height=height)["height"],
            "radar_cross_section": threat(cross=5.0)["radar_cross_section"],
            "called_hostile": {**threat(failure=0.3)["failure_probability"], "high": 1.0},
            "people": {**weapon()["reserve_rounds"], "value": people, "low": 0.0, "high": people + 1.0},
        }
        for name, side, engaged_as, speed, height, people in (
            ("liner", "civil", "cruise", 230.0, 9_000.0, 120),
            ("chopper", "friend", "drone", 60.0, 300.0, 4),
        )
    ]
    given = structured()
    corners = [place(45.0, 60.0), place(135.0, 60.0), place(225.0, 60.0), place(315.0, 60.0)]
    return given | {
        "doctrine": given["doctrine"] | {"weapons_control": "free"},
        "identification": {"verdict": 0.6, "recheck": "15 s", "hostile_let_go": {"drone": 0.2}},
        "traffic": [
            {"id": "line", "type": "liner", "count": 6, "from": place(60, 120), "to": place(240, 120)}
            | {"launch": "+00:05", "spread": "15 min"},
            {"id": "lift", "type": "chopper", "count": 4, "from": place(90, 40), "to": place(270, 40)}
            | {"launch": "+00:02", "spread": "10 min", "routes": 2, "route_spread": "5 km"},
        ],
        "areas": [{"id": "round", "polygon": corners}],
        "airspace": [
            {"id": "lane", "kind": "corridor", "area": "round", "height_min": "8 km", "height_max": "8.9 km"},
            {"id": "low", "kind": "joint", "area": "round", "height_max": "400 m"},
        ],
        "catalogue": given["catalogue"] | {"traffic": aircraft},
    }


def write_crowded(folder: Path) -> Path:
    """Write the scenario with friendly and civil aircraft to a folder and return its path."""
    return write(folder, crowded())


def write_structured(folder: Path) -> Path:
    """Write the scenario with a command structure to a folder and return its path."""
    return write(folder, structured())


def write_features(folder: Path) -> Path:
    """Write the scenario to a folder and return its path."""
    return write(folder, features())


def digest(results: Results) -> str:
    """Return a hash of every table of a run, value by value."""
    total = hashlib.sha256()
    for name in (*TABLES, *(["traffic"] if results.roster.flight else [])):
        table = results.to_arrow(name)
        for column_name in table.column_names:
            values = table.column(column_name).to_pylist()
            total.update(f"{name}.{column_name}".encode())
            total.update("\n".join(v.hex() if isinstance(v, float) else str(v) for v in values).encode())
    return total.hexdigest()


def answer(results: Results) -> str:
    """Return the JSON answer without what may differ: wall_s and manifest.run."""
    told = results.to_json()
    told.pop("wall_s")
    told["manifest"].pop("run")
    return json.dumps(told, sort_keys=True)


def means(path: str | Path, replications: int) -> dict[str, Any]:
    """Return the means that the baseline keeps of a scenario."""
    results = shieldwall.simulate(shieldwall.load(path), replications, SEED, threads=1, events=True)
    told = results.to_json()
    kept: dict[str, Any] = {
        f"{kind}.{fate}": value for kind, row in told["threats"].items() for fate, value in row.items()
    }
    kept |= {f"cause.{cause}": value for cause, value in told["leak_causes"].items()}
    kept |= {f"rounds.{name}.{what}": value for name, row in told["rounds"].items() for what, value in row.items()}
    counts = results.query("select kind::varchar as kind, count(*) as n from events group by 1 order by 1").to_pylist()
    kept |= {f"events.{row['kind']}": row["n"] for row in counts}
    return {name: value for name, value in kept.items() if isinstance(value, int | float)}
