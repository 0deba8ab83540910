"""Gather the figures that profiles of flight are given: from types, from the arc chosen, from the course."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shieldwall.raid.flight import FlightFigures, Float
from shieldwall.raid.plan import Plan
from shieldwall.raid.salvo import Salvo
from shieldwall.raid.shape import full_energy_apogee_m


def figures_of(salvos: Sequence[Salvo], plan: Plan) -> FlightFigures:
    """Return the figures of every path's flight, (P,)."""
    figures = np.array(
        [
            (
                s.type.speed_m_s,
                s.type.height_m,
                s.type.dive_m,
                s.type.burn_s,
                s.type.glide_speed_m_s,
                s.type.lift_to_drag,
            )
            for s in salvos
        ],
        dtype=np.float64,
    ).reshape(-1, 6)[plan.salvo]
    speed_m_s, height_m, dive_m, burn_s, glide_speed_m_s, lift_to_drag = figures.T
    distance_m = plan.legs.course_length_m()
    return FlightFigures(
        distance_m, speed_m_s, height_m, _apogee_m(salvos, plan, distance_m), dive_m, plan.start_height_m,
        burn_s, glide_speed_m_s, lift_to_drag,
    )  # fmt: skip


def _apogee_m(salvos: Sequence[Salvo], plan: Plan, distance_m: Float) -> Float:
    """Return the top of each path's arc, (P,) metres; 0 for that of least energy."""
    given = np.array([salvo.apogee_m or (0.0 if salvo.arc else salvo.type.apogee_m) for salvo in salvos])
    apogee_m = np.asarray(given.reshape(-1)[plan.salvo], np.float64)
    for arc in ("lofted", "depressed"):
        rows = np.flatnonzero(np.array([salvo.arc == arc for salvo in salvos], bool)[plan.salvo])
        if rows.size:
            reach_m = np.array([salvo.type.range_m for salvo in salvos])[plan.salvo[rows]]
            apogee_m[rows] = full_energy_apogee_m(distance_m[rows], reach_m, lofted=arc == "lofted")
    return apogee_m
