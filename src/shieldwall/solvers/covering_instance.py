"""Read and check one maximal covering location instance: which sites cover which points, and what points are worth.

The public text format lists positions (latitude, longitude in degrees) and demands; every position is a point and a
site, and a site covers the points within a radius, by the haversine distance on a sphere. Every mistake is refused
here, with file, line and column.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.core.errors import InputError, Mistake

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SPHERE_RADIUS_M = 6_378_137.0
MOST_PAIRS = 150_000_000
_SLACK = 1e-6  # share by which the tree looks further than the radius; the haversine then decides
_COORDINATES, _DEMANDS, _END = "NODE_COORD_SECTION", "DEMAND_SECTION", "EOF"


class Lists(NamedTuple):
    """Lists one after another: list k is `item[start[k]:start[k + 1]]`; both int64."""

    start: IntArray
    item: IntArray


@dataclass(frozen=True, slots=True)
class Covering:
    """Points to cover and sites to cover them from.

    Attributes
    ----------
    values : float64, shape (J,), what each point is worth once covered, >= 0
    covers : for each site the points it covers, in rising order
    name : where it came from
    """

    values: FloatArray
    covers: Lists
    name: str = ""

    @property
    def sites(self) -> int:
        """Return the number of sites, I."""
        return int(self.covers.start.size - 1)


def covering_of(values: FloatArray, site: IntArray, point: IntArray, sites: int, *, name: str = "") -> Covering:
    """Return the instance in which site[k] covers point[k].

    Parameters
    ----------
    values : float64, shape (J,)
    site, point : int64, shape (K,), pairs in any order, each once
    sites : number of sites; those without a pair cover nothing

    Raises
    ------
    InputError
        If a value is negative or not finite.
    """
    value = np.ascontiguousarray(values, dtype=np.float64)
    for j in np.flatnonzero(~(np.isfinite(value) & (value >= 0.0)))[:1]:
        raise InputError(Mistake(name, 0, 0, f"the value of point {j} is {value[j]}, not a finite number >= 0"))
    return Covering(value, lists_of(site, point, sites), name)


def lists_of(key: IntArray, item: IntArray, keys: int) -> Lists:
    """Return for each key its items in rising order."""
    order = np.lexsort((item, key))
    start = np.zeros(keys + 1, np.int64)
    np.cumsum(np.bincount(key, minlength=keys), out=start[1:])
    return Lists(start, np.ascontiguousarray(item[order], dtype=np.int64))


def turned(lists: Lists, items: int) -> Lists:
    """Return for each item the lists that hold it."""
    key = np.repeat(np.arange(lists.start.size - 1), np.diff(lists.start))
    return lists_of(lists.item, key, items)


def read_covering(path: Path, radius_m: float) -> Covering:
    """Read an instance of the public text format.

    Raises
    ------
    InputError
        If the file is missing, cut short, or holds something that is no position or no demand.
    """
    latitude, longitude, demand = read_places(path)
    return within(latitude, longitude, demand, radius_m, name=str(path))


def within(
    latitude_deg: FloatArray, longitude_deg: FloatArray, demand: FloatArray, radius_m: float, *, name: str = ""
) -> Covering:
    """Return the instance in which each place covers the places at most `radius_m` away.

    Parameters
    ----------
    latitude_deg, longitude_deg, demand : float64, shape (J,)

    Raises
    ------
    InputError
        If the radius is negative or not finite, or so wide that more than `MOST_PAIRS` pairs lie within it.
    """
    if not (math.isfinite(radius_m) and radius_m >= 0.0):
        raise InputError(Mistake("", 0, 0, f"a radius of {radius_m} m is not 0 or more", "give metres with --radius"))
    first, second = _near(latitude_deg, longitude_deg, radius_m)
    near = haversine_m(latitude_deg, longitude_deg, first, second) <= radius_m
    first, second = first[near], second[near]
    each = np.arange(latitude_deg.size)
    site, point = np.concatenate([first, second, each]), np.concatenate([second, first, each])
    return covering_of(demand, site, point, latitude_deg.size, name=name)


def haversine_m(latitude_deg: FloatArray, longitude_deg: FloatArray, first: IntArray, second: IntArray) -> FloatArray:
    """Return the great-circle distances of pairs of places, metres."""
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    north = np.sin(0.5 * (latitude[first] - latitude[second])) ** 2
    east = np.sin(0.5 * (longitude[first] - longitude[second])) ** 2
    half = north + np.cos(latitude[first]) * np.cos(latitude[second]) * east
    return 2.0 * SPHERE_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


def _near(latitude_deg: FloatArray, longitude_deg: FloatArray, radius_m: float) -> tuple[IntArray, IntArray]:
    """Return pairs (first < second) whose chord is at most that of the radius, and a little more."""
    from scipy.spatial import cKDTree  # noqa: PLC0415  slow to import, and other instances need none

    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    level = np.cos(latitude)
    tree = cKDTree(np.stack([level * np.cos(longitude), level * np.sin(longitude), np.sin(latitude)], axis=1))
    half_angle = min(0.5 * radius_m / SPHERE_RADIUS_M, 0.5 * math.pi)
    chord = 2.0 * math.sin(half_angle) * (1.0 + _SLACK) + 1e-12
    pairs = int(tree.count_neighbors(tree, chord))
    if pairs > MOST_PAIRS:
        what = f"{pairs:,} pairs of places lie within {radius_m:g} m, more than the {MOST_PAIRS:,} this solver takes"
        raise InputError(Mistake("", 0, 0, what, "give a smaller --radius (in metres)"))
    found = tree.query_pairs(chord, output_type="ndarray")
    return found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)


def read_places(path: Path) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return latitudes and longitudes in degrees, and demands, of a file in the public format."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise InputError(Mistake(str(path), 0, 0, "no such file", "give the path of an instance file")) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Mistake(str(path), 0, 0, f"cannot be read as text: {error}")) from None
    at = {
        words[0]: k for k, line in enumerate(lines) if (words := line.split()) and words[0] in (_COORDINATES, _DEMANDS)
    }
    for section in (_COORDINATES, _DEMANDS):
        if section not in at:
            cure = "the public format has NODE_COORD_SECTION, then DEMAND_SECTION"
            raise InputError(Mistake(str(path), max(len(lines), 1), 1, f"there is no {section}", cure))
    if at[_DEMANDS] < at[_COORDINATES]:
        raise InputError(Mistake(str(path), at[_DEMANDS] + 1, 1, "the demands stand before the positions"))
    announced = _dimension(path, lines[: at[_COORDINATES]])
    places = _numbers(path, lines, at[_COORDINATES] + 1, at[_DEMANDS], ("latitude", "longitude"), announced)
    count = places.shape[0] if announced is None else announced
    demand = _numbers(path, lines, at[_DEMANDS] + 1, len(lines), ("demand",), count)[:, 0]
    _refuse_outside(path, places, at[_COORDINATES] + 2)
    for j in np.flatnonzero(demand < 0.0)[:1]:
        raise InputError(Mistake(str(path), at[_DEMANDS] + 2 + int(j), 1, f"demand {demand[j]:g} is below 0"))
    return places[:, 0].copy(), places[:, 1].copy(), demand.copy()


def _dimension(path: Path, head: list[str]) -> int | None:
    """Return the number of places that the head announces, if it does."""
    for k, line in enumerate(head):
        name, _, value = line.partition(":")
        if name.strip() == "DIMENSION":
            if not value.strip().isdecimal():
                raise InputError(Mistake(str(path), k + 1, 1, f"'{value.strip()}' is not a number of places"))
            return int(value)
    return None


def _numbers(
    path: Path, lines: list[str], first: int, last: int, names: tuple[str, ...], count: int | None
) -> FloatArray:
    """Return the numbers of a section, shape (lines, len(names)); it ends at EOF, at `last` or after `count` lines."""
    rows: list[list[float]] = []
    for k in range(first, last):
        words = lines[k].split()
        if words == [_END]:
            break
        if not words:
            continue
        row = [_number(path, k, lines[k], word) for word in words]
        if len(row) != len(names):
            what = f"{len(row)} numbers where {len(names)} are wanted ({', '.join(names)})"
            raise InputError(Mistake(str(path), k + 1, 1, what))
        rows.append(row)
    if count is not None and len(rows) != count:
        what = f"{len(rows)} lines of {', '.join(names)}, {count} announced: file cut short?"
        raise InputError(Mistake(str(path), min(last, len(lines)), 1, what))
    return np.array(rows, dtype=np.float64).reshape(-1, len(names))


def _number(path: Path, k: int, line: str, word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(Mistake(str(path), k + 1, line.index(word) + 1, f"'{word}' is not a number"))
    return value


def _refuse_outside(path: Path, places: FloatArray, line: int) -> None:
    for column, (name, limit) in enumerate((("latitude", 90.0), ("longitude", 180.0))):
        for j in np.flatnonzero(np.abs(places[:, column]) > limit)[:1]:
            what = f"{name} {places[j, column]:g} is not within {-limit:g}..{limit:g} degrees"
            raise InputError(Mistake(str(path), line + int(j), 1, what, "write latitude, then longitude"))


@njit(cache=True, nogil=True)
def pair_overlaps(start: IntArray, item: IntArray, turned_start: IntArray, turned_item: IntArray) -> IntArray:
    """Return for each list the number of (point, list) steps that visit every list it shares a point with.

    Parameters
    ----------
    start, item : the lists; turned_start, turned_item : the same, turned

    Returns
    -------
    int64, shape (lists,)
    """
    steps = np.zeros(start.size - 1, np.int64)
    for k in range(start.size - 1):
        for a in range(start[k], start[k + 1]):
            j = item[a]
            steps[k] += turned_start[j + 1] - turned_start[j]
    return steps
