"""Lay courses over the ground: geodesic legs through way-points, with route variants bowed to the side.

Letters: P courses, K nodes of all courses together, L legs (one fewer than nodes in each course), N points.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shieldwall.core.geodesy import direct, inverse, normal_longitude_deg
from shieldwall.raid.flight import Float, Int

# A bowed course is drawn with this many legs at least; its length is then short of the smooth bow's by under 1e-4
# of the detour.
BOW_LEGS = 32


class Nodes(NamedTuple):
    """Courses as places joined by geodesics: course p has nodes ptr[p] to ptr[p+1]-1. ptr (P+1,), others (K,)."""

    ptr: Int
    latitude_deg: Float
    longitude_deg: Float


class Legs(NamedTuple):
    """Geodesic legs: course p has legs ptr[p] to ptr[p+1]-1; ptr (P+1,), others (L,).

    latitude_deg, longitude_deg, azimuth_deg at the leg's start; end_azimuth_deg at its end; length_m; begin_m the
    distance from the course's start to the leg's.
    """

    ptr: Int
    latitude_deg: Float
    longitude_deg: Float
    azimuth_deg: Float
    end_azimuth_deg: Float
    length_m: Float
    begin_m: Float

    def course_length_m(self) -> Float:
        """Return the length of each course, (P,) metres."""
        last = self.ptr[1:] - 1
        return np.asarray(self.begin_m[last] + self.length_m[last])


def counts_to_ptr(counts: Int) -> Int:
    """Return the row pointers (P+1,) of ragged rows with these counts (P,)."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)))


def ragged(ptr: Int) -> tuple[Int, Int]:
    """Return, for every element of ragged rows, which row it is in and its number in that row."""
    counts = np.diff(ptr)
    row = np.repeat(np.arange(counts.size, dtype=np.int64), counts)
    return row, np.arange(ptr[-1], dtype=np.int64) - ptr[row]


def lay_legs(nodes: Nodes) -> Legs:
    """Return the geodesic legs between the nodes of each course."""
    starts = np.ones(nodes.latitude_deg.size, dtype=np.bool_)
    starts[nodes.ptr[1:] - 1] = False
    start = np.flatnonzero(starts)
    lat, lon = nodes.latitude_deg, nodes.longitude_deg
    leg = inverse(lat[start], lon[start], lat[start + 1], lon[start + 1])
    ptr = nodes.ptr - np.arange(nodes.ptr.size, dtype=np.int64)
    _, number = ragged(ptr)
    begin = np.zeros(start.size)
    for k in range(1, int(number.max(initial=0)) + 1):  # running sum within each course, so that none sees another
        rows = np.flatnonzero(number == k)
        begin[rows] = begin[rows - 1] + leg.distance_m[rows - 1]
    return Legs(ptr, lat[start], lon[start], leg.start_azimuth_deg, leg.end_azimuth_deg, leg.distance_m, begin)


def locate(legs: Legs, course: Int, ground_m: Float, left_m: Float | None = None) -> tuple[Float, Float]:
    """Return the places at a distance along their courses.

    Parameters
    ----------
    legs : Legs
    course : (N,) which course each point belongs to, in rising order
    ground_m : (N,) metres from the course's start
    left_m : (N,) metres to the left of the course

    Returns
    -------
    latitude_deg, longitude_deg (N,)
    """
    leg = _leg_at(legs, course, ground_m)
    place = direct(legs.latitude_deg[leg], legs.longitude_deg[leg], legs.azimuth_deg[leg], ground_m - legs.begin_m[leg])
    if left_m is not None and np.any(left_m != 0.0):
        place = direct(place.latitude_deg, place.longitude_deg, place.azimuth_deg - 90.0, left_m)
    return place.latitude_deg, place.longitude_deg


def bow(legs: Legs, offset_m: Float) -> Nodes:
    """Return courses displaced to the side by a half sine: nothing at both ends, `offset_m` half-way.

    Parameters
    ----------
    legs : Legs of P courses
    offset_m : (P,) metres to the right of the course, negative to the left; 0 keeps the course

    Returns
    -------
    Nodes of P courses. At a way-point the displacement lies along the bisector of the two legs and turns evenly
    along each leg, so the course has no jump there.
    """
    leg_course, _ = ragged(legs.ptr)
    total = legs.course_length_m()
    share = legs.length_m / np.maximum(total[leg_course], 1e-9)
    pieces = np.where(offset_m[leg_course] == 0.0, 1, np.ceil(BOW_LEGS * share)).astype(np.int64)
    pieces = np.maximum(pieces, 1)
    # one node at the start of every piece, and one more at the end of every course
    last = np.zeros(pieces.size, dtype=np.int64)
    last[legs.ptr[1:] - 1] = 1
    leg, number = ragged(counts_to_ptr(pieces + last))
    fraction = number / pieces[leg]
    within = fraction * legs.length_m[leg]
    place = direct(legs.latitude_deg[leg], legs.longitude_deg[leg], legs.azimuth_deg[leg], within)
    turn_in, turn_out = _half_turns(legs)
    side = place.azimuth_deg + 90.0 - turn_in[leg] * (1.0 - fraction) + turn_out[leg] * fraction
    course = leg_course[leg]
    phase = (legs.begin_m[leg] + within) / np.maximum(total[course], 1e-9)
    ends = (phase <= 0.0) | ((last[leg] == 1) & (number == pieces[leg]))
    aside = np.where(ends, 0.0, offset_m[course] * np.sin(np.pi * phase))
    moved = direct(place.latitude_deg, place.longitude_deg, side, aside)
    return Nodes(counts_to_ptr(np.bincount(course, minlength=offset_m.size)), moved.latitude_deg, moved.longitude_deg)


def _leg_at(legs: Legs, course: Int, ground_m: Float) -> Int:
    """Return the leg that each point lies on, (N,)."""
    begin_of_course = counts_to_ptr(np.ceil(legs.course_length_m()).astype(np.int64) + 1)
    leg_course, _ = ragged(legs.ptr)
    keys = begin_of_course[leg_course] + legs.begin_m
    leg = np.searchsorted(keys, begin_of_course[course] + ground_m, side="right") - 1
    return np.asarray(np.clip(leg, legs.ptr[course], legs.ptr[course + 1] - 1), dtype=np.int64)


def _half_turns(legs: Legs) -> tuple[Float, Float]:
    """Return half the turn, degrees, at the start and at the end of every leg, (L,); 0 at the ends of a course."""
    turn = np.zeros(legs.length_m.size + 1)
    turn[1:-1] = normal_longitude_deg(legs.azimuth_deg[1:] - legs.end_azimuth_deg[:-1])
    turn[legs.ptr] = 0.0
    return 0.5 * turn[:-1], 0.5 * turn[1:]
