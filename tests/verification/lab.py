"""A laboratory for the engine: small scenario files with round figures, and comparisons in standard errors.

Every test says what differs from the plain laboratory: one fire unit with plenty of rounds and channels stands on the
town that drones approach one by one, level, on a straight course, never failing and always hitting. The text goes to a
file, `shieldwall.load` reads it, `shieldwall.simulate` plays it: nothing of the engine is called from within.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from scipy import stats

import shieldwall
from shieldwall import Results

LIMIT = 4.0  # standard errors; two in 30,000 fair comparisons are further off
FAIR = 6e-5  # the same as a probability, for tests of distributions
CENTRE = [50.0, 30.0]

Fields = dict[str, Any]
_Test = TypeVar("_Test", bound=Callable[..., None])


class Case(NamedTuple):
    """One closed form that the engine is held against; `test` is the function's name, several values are one case."""

    family: str
    test: str
    formula: str
    source: str
    file: str


CASES: list[Case] = []


def case(family: str, formula: str, source: str = "arithmetic") -> Callable[[_Test], _Test]:
    """Enter a test in the list of verification cases."""

    def enter(test: _Test) -> _Test:
        CASES.append(Case(family, test.__name__, formula, source, Path(test.__code__.co_filename).name))
        return test

    return enter


_LEAST = {"count": 1.0}
_MOST = {"fraction": 1.0, "m/s": 12_000.0}


def figure(value: float, unit: str) -> Fields:
    """Return a catalogue figure of the user's own, with a range around it."""
    low, high = 0.5 * value, 2.0 * value + (0.1 if value == 0 else 0.0)
    if unit == "count":
        low, high = float(int(low)), float(int(high) + 1)
    return {
        "value": value,
        "unit": unit,
        "low": min(value, max(low, _LEAST.get(unit, 0.0))),
        "high": min(high, _MOST.get(unit, high)),
        "confidence": "assumed",
        "reason": "laboratory value",
    }


def threat(type_id: str = "drone", threat_class: str = "drone", **changes: float) -> Fields:
    """Return a threat type: 100 m/s at 1 km, straight to the end, never fails, always hits."""
    given = {"speed": 100.0, "height": 1_000.0, "failure": 0.0, "circular_error": 0.0, "warhead": 100.0, "cross": 1.0}
    given |= changes
    return {
        "id": type_id,
        "name": type_id,
        "class": threat_class,
        "path": "low",
        "speed": figure(given["speed"], "m/s"),
        "height": figure(given["height"], "m"),
        "dive": figure(0, "m"),
        "range": figure(2_000, "km"),
        "radar_cross_section": figure(given["cross"], "m2"),
        "failure_probability": figure(given["failure"], "fraction"),
        "circular_error": figure(given["circular_error"], "m"),
        "warhead": figure(given["warhead"], "kg"),
        "unit_cost": figure(50_000, "USD"),
    }


def effector(
    effector_id: str = "round",
    kill: Mapping[str, float] | float = 0.5,
    reach_km: Mapping[str, float] | float = 30.0,
    **changes: float,
) -> Fields:
    """Return a kind of round: reaches 30 km and any height, 1,000 m/s, at once."""
    given = {"range_min": 0.0, "height_min": 0.0, "height_max": 20_000.0, "speed": 1_000.0, "reaction": 0.0}
    given |= {"interval": 0.0, "rounds_per_shot": 1} | changes
    kills = kill if isinstance(kill, Mapping) else {"drone": kill}
    reach = reach_km if isinstance(reach_km, Mapping) else dict.fromkeys(kills, reach_km)
    return {
        "id": effector_id,
        "name": effector_id,
        "kind": "missile",
        "kill_probability": {c: figure(p, "fraction") for c, p in kills.items()},
        "range": {c: figure(r, "km") for c, r in reach.items()},
        "range_min": figure(given["range_min"], "m"),
        "height_min": figure(given["height_min"], "m"),
        "height_max": figure(given["height_max"], "m"),
        "speed": figure(given["speed"], "m/s"),
        "reaction": figure(given["reaction"], "s"),
        "interval": figure(given["interval"], "s"),
        "rounds_per_shot": figure(given["rounds_per_shot"], "count"),
        "unit_cost": figure(500_000, "USD"),
    }


def radar(sensor_id: str = "eye", **changes: float) -> Fields:
    """Return a radar that sees 1 m2 at 80 km from a mast of 50 m, at every look, one a second."""
    given = {"range_km": 80.0, "mast": 50.0, "scan": 1.0, "detection": 1.0, "hits": 1} | changes
    return {
        "id": sensor_id,
        "name": sensor_id,
        "kind": "radar",
        "range": figure(given["range_km"], "km"),
        "reference_cross_section": figure(1, "m2"),
        "antenna_height": figure(given["mast"], "m"),
        "height_max": figure(30, "km"),
        "scan": figure(given["scan"], "s"),
        "detection_probability": figure(given["detection"], "fraction"),
        "hits_to_track": figure(given["hits"], "count"),
        "unit_cost": figure(1_000_000, "USD"),
    }


def weapon(
    effector_id: str = "round", *, launchers: int = 1, each: int = 1_000, reserve: int = 0, reload_s: float = 60.0
) -> Fields:
    """Return one kind of round on a fire unit."""
    return {
        "effector": effector_id,
        "launchers": figure(launchers, "count"),
        "rounds_per_launcher": figure(each, "count"),
        "reserve_rounds": figure(reserve, "count") | {"low": 0.0},
        "reload": figure(reload_s, "s"),
    }


def battery(type_id: str = "battery", weapons: Sequence[Fields] | None = None, **changes: Any) -> Fields:
    """Return a fire unit type: 500 channels, always ready, taken out by any hit within 100 m."""
    given = {"radar": "eye", "channels": 500, "ready": 0.0, "availability": 1.0, "hardness": 0.0, "backup": False}
    given |= changes
    entry = {
        "id": type_id,
        "name": type_id,
        "radar": given["radar"],
        "backup_radar": given["backup"],
        "weapons": list(weapons or [weapon()]),
        "channels": figure(given["channels"], "count"),
        "ready": figure(given["ready"], "s"),
        "availability": figure(given["availability"], "fraction"),
        "hardness": figure(given["hardness"], "kg"),
        "radius": figure(100, "m"),
        "unit_cost": figure(50_000_000, "USD"),
    }
    return entry | ({"backup_distance": figure(500, "km")} if given["backup"] else {})


def town(hardness_kg: float = 100.0) -> Fields:
    """Return an asset kind of radius 1 km; a warhead of `hardness_kg` takes half of it."""
    return {
        "id": "lab-town",
        "name": "town",
        "hardness": figure(hardness_kg, "kg"),
        "radius": figure(1_000, "m"),
        "value": figure(100, "count"),
    }


def zone(type_id: str = "jammer", radius_km: float = 20.0, **hazard_per_h: float) -> Fields:
    """Return a kind of soft-kill zone."""
    return {
        "id": type_id,
        "name": type_id,
        "radius": figure(radius_km, "km"),
        "height_max": figure(10, "km"),
        "hazard": {c: figure(rate, "1/h") for c, rate in hazard_per_h.items()},
        "unit_cost": figure(1_000, "USD"),
    }


def raid(count: int, raid_id: str = "raid", **changes: Any) -> Fields:
    """Return a raid from 100 km in the east, all launched at one moment; a key set to None is left out."""
    entry = {
        "id": raid_id,
        "type": "drone",
        "count": count,
        "axis": {"toward": "town", "bearing": "90 deg", "distance": "100 km"},
        "aim": ["town"],
        "launch": "+00:00",
    } | changes
    return {key: value for key, value in entry.items() if value is not None}


def shots(salvo: int = 1, most: int = 1, assess_s: float = 0.0, *classes: str) -> Fields:
    """Return a doctrine of shots against the classes (drone) that looks after every salvo, in time or not."""
    rule = {"salvo": salvo, "max_shots": most, "assess": f"{assess_s} s"}
    return {"shots": dict.fromkeys(classes or ("drone",), rule), "last_chance": "look"}


def place(bearing_deg: float, distance_km: float) -> list[float]:
    """Return a position as seen from the town."""
    longitude, latitude, _ = Geod(ellps="WGS84").fwd(CENTRE[1], CENTRE[0], bearing_deg, distance_km * 1e3)
    return [latitude, longitude]


def scenario(raids: Sequence[Fields], **changes: Any) -> Fields:
    """Return the plain laboratory with `raids`; `changes` replaces top-level keys, `catalogue` group by group."""
    catalogue = {
        "threats": [threat()],
        "effectors": [effector()],
        "sensors": [radar()],
        "fire_units": [battery()],
        "assets": [town()],
    } | changes.pop("catalogue", {})
    return {
        "shieldwall": 1,
        "name": "laboratory",
        "time_zone": "UTC",
        "start": "2025-01-01 00:00",
        "integration": "autonomous",
        "command": {"identification": "0 s", "command": "0 s", "delay": "constant"},
        "doctrine": shots(),
        "assets": [{"id": "town", "kind": "lab-town", "position": CENTRE}],
        "fire_units": [{"id": "unit", "type": "battery", "position": CENTRE}],
        "raids": list(raids),
        **changes,
        "catalogue": catalogue,
    }


def text(fields: Fields) -> str:
    """Return a scenario as YAML: one line a value, each entry of a list on its own line."""
    lines = []
    for key, value in fields.items():
        if key == "catalogue":
            lines.append("catalogue:")
            for group, entries in value.items():
                lines.append(f"  {group}:")
                lines += [f"    - {json.dumps(entry)}" for entry in entries]
        elif isinstance(value, list) and value:
            lines.append(f"{key}:")
            lines += [f"  - {json.dumps(entry)}" for entry in value]
        else:
            lines.append(f"{key}: {json.dumps(value)}")
    return "\n".join(lines) + "\n"


def write(folder: Path, fields: Fields) -> Path:
    """Write a scenario to a file of `folder` and return its path."""
    path = folder / "scenario.yaml"
    path.write_text(text(fields), encoding="utf-8")
    return path


def play(
    folder: Path, fields: Fields, replications: int, *, seed: int = 20_250_609, events: bool = False, threads: int = 1
) -> Results:
    """Write, load and simulate a scenario."""
    return shieldwall.simulate(
        shieldwall.load(write(folder, fields)), replications, seed, events=events, threads=threads
    )


def column(results: Results, name: str, table: str = "rows") -> NDArray[Any]:
    """Return a column, one row a replication: words as objects, numbers with NaN for null."""
    values = results.to_arrow(table).column(name)
    array = (
        np.array(values.to_pylist(), dtype=object) if str(values.type).startswith("dictionary") else values.to_numpy()
    )
    return np.asarray(array).reshape(results.manifest.replications, -1)


def moments(results: Results, kind: str) -> NDArray[np.float64]:
    """Return when an event of a kind first happened to each threat, (R, T) seconds, NaN for never."""
    place_of = {threat: t for t, threat in enumerate(results.roster.threat)}
    first = np.full((results.manifest.replications, len(place_of)), np.nan)
    for row in reversed(
        results.query(f"select * from events where kind = '{kind}' and threat is not null").to_pylist()
    ):
        first[row["replication"], place_of[row["threat"]]] = row["time_s"]
    return first


def is_fate(results: Results, *fates: str) -> NDArray[np.bool_]:
    """Return which threats ended so, (R, T)."""
    return np.isin(column(results, "fate"), fates)


def leaked(results: Results) -> NDArray[np.bool_]:
    """Return which threats leaked, (R, T)."""
    return is_fate(results, "leaked_hit", "leaked_missed")


def has_share(events: ArrayLike, expected: float, *, error: float) -> None:
    """Assert that the share of independent events agrees with `expected`, whose standard error is `error` at most."""
    found = np.asarray(events, dtype=float).ravel()
    standard_error = float(np.sqrt(expected * (1.0 - expected) / found.size))
    assert standard_error <= error, f"the standard error {standard_error:.5f} is above the {error} stated"
    off = (found.mean() - expected) / standard_error
    assert abs(off) <= LIMIT, f"{found.mean():.5f} is {off:+.1f} standard errors from {expected:.5f}"


def has_mean(samples: ArrayLike, expected: float, *, error: float) -> None:
    """Assert that the mean of independent samples agrees with `expected`, whose standard error is `error` at most."""
    found = np.asarray(samples, dtype=float).ravel()
    standard_error = float(found.std(ddof=1) / np.sqrt(found.size))
    assert standard_error <= error, f"the standard error {standard_error:.5f} is above the {error} stated"
    assert abs(found.mean() - expected) <= LIMIT * standard_error + 1e-9, (
        f"{found.mean():.5f} is not {expected:.5f} within {LIMIT} x {standard_error:.5f}"
    )


def has_distribution(samples: ArrayLike, probabilities: Sequence[float] | NDArray[np.float64]) -> None:
    """Assert that whole numbers 0, 1, 2 ... come with these probabilities: a chi-square test, cells below 5 joined."""
    found = np.asarray(samples, dtype=int).ravel()
    expected = np.asarray(probabilities, dtype=float) * found.size
    assert expected.sum() == np.float64(found.size) or abs(expected.sum() / found.size - 1.0) < 1e-9
    counts = np.bincount(found, minlength=expected.size).astype(float)
    assert counts.size == expected.size, f"found {found.max()}, which cannot be"
    order = np.argsort(expected)
    small = order[: int(np.searchsorted(np.cumsum(expected[order]), 5.0)) + 1]
    keep = np.setdiff1d(np.arange(expected.size), small)
    cells = np.append(counts[keep], counts[small].sum()), np.append(expected[keep], expected[small].sum())
    if cells[0].size > 1:
        assert stats.chisquare(*cells).pvalue > FAIR, f"{counts} instead of {expected}"
