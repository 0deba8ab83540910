"""Fly a ballistic missile with boost, the Earth's rotation and drag on re-entry, to a given place and apogee.

A point mass over a sphere that rotates, in a frame fixed to the Earth, origin at its centre:

    r'' = -mu r / r^3 - 2 w x v - w x (w x r) + thrust - rho v^2 / (2 beta) v/|v|

Thrust gives a constant acceleration in one direction for the burning time, as a row of stages does on average; drag
acts on the way down. The three components of the boost's velocity gain are found by Newton's method so that the flight
comes down at the aim point with the apogee asked for. What the missile is (burning time, ballistic coefficient) are
arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from shieldwall.core.atmosphere import HEIGHT_MOST_M, standard_atmosphere
from shieldwall.core.compiled import kernel, njit
from shieldwall.core.geodesy import EARTH_RADIUS_M
from shieldwall.raid.ballistic import EARTH_GM_M3_S2, kepler_arc, minimum_energy_apogee_m
from shieldwall.raid.flight import Float

# Earth's rate of rotation, WGS84, radians a second.
EARTH_RATE_RAD_S = 7.292115e-5
_BOOST_STEPS = 200
_SPACE_STEP_S = 2.0
_AIR_STEP_S = 0.1
_LONGEST_S = 6.0 * 3_600.0
_ROOM = 30_000
_AIR_CELL_M = 250.0
_CLOSE_M = 1.0
_NEWTON_STEPS = 40


# Place and velocity: x, y, z in metres, u, v, w in metres a second.
State6 = tuple[float, float, float, float, float, float]


class FlightError(ValueError):
    """No boost reaches the aim point with that apogee; the message says which."""


@dataclass(frozen=True, slots=True)
class Boost:
    """What the missile is: burning time (0: all at once), mass over drag area of what comes down (inf: no drag)."""

    burn_s: float
    ballistic_coefficient_kg_m2: float
    earth_rate_rad_s: float = EARTH_RATE_RAD_S


class Forces(NamedTuple):
    """What acts besides thrust and the Earth's pull.

    spin (3,) of the Earth, rad/s, in the axes of the launch; coefficient_kg_m2, mass over drag area; log_density (K,),
    the logarithm of the air's density in kg/m^3, one for each `_AIR_CELL_M` of height.
    """

    spin: Float
    coefficient_kg_m2: float
    log_density: Float


class BoostedFlight(NamedTuple):
    """A flight, (N,): seconds after launch, metres along and to the left of the great circle, height above the ground.

    `velocity_gain_m_s` (3,) is what the thrust gives, up, along and to the left at the launch; it contains what
    gravity takes during the boost.
    """

    time_s: Float
    ground_m: Float
    aside_m: Float
    height_m: Float
    apogee_m: float
    velocity_gain_m_s: Float


def fly_boosted(
    distance_m: float, apogee_m: float, boost: Boost, *, latitude_deg: float, azimuth_deg: float
) -> BoostedFlight:
    """Return the flight over a ground distance with an apogee, from a place on the rotating Earth.

    Parameters
    ----------
    distance_m : along the ground from launch to aim point, metres
    apogee_m : above the ground, metres; 0 takes that of the two-body arc of least energy
    boost : what the missile is
    latitude_deg : of the launch
    azimuth_deg : from launch to aim point, degrees east of north

    Returns
    -------
    BoostedFlight; comes down within a metre of the aim point, the apogee within a metre

    Raises
    ------
    FlightError
        If no boost does it (an apogee below the burn-out, for example).

    Limits
    ------
    Spherical Earth and gravity, one constant thrust direction, no drag on the way up, no wind, no manoeuvre.
    """
    aim_apogee = apogee_m if apogee_m > 0.0 else float(minimum_energy_apogee_m(distance_m))
    spin = boost.earth_rate_rad_s * _axis(latitude_deg, azimuth_deg)
    forces = Forces(spin, boost.ballistic_coefficient_kg_m2, _log_density())
    track = np.empty((_ROOM, 4))
    half_round = np.pi * EARTH_RADIUS_M

    def miss(command: Float) -> tuple[Float, int]:
        count, top = _integrate(command, boost.burn_s, forces, track)
        along, left = _on_ground(track[count - 1, 1:])
        over = (along - distance_m + half_round) % (2.0 * half_round) - half_round
        return np.array([over, left, top - aim_apogee]), count

    command = _solve(miss, _first_guess(distance_m, aim_apogee, boost.burn_s))
    error, count = miss(command)
    if not np.all(np.abs(error) < _CLOSE_M):
        raise FlightError(
            f"no boost of {boost.burn_s:g} s flies {distance_m / 1e3:.0f} km with an apogee of "
            f"{aim_apogee / 1e3:.0f} km; give a higher apogee or a shorter burning time"
        )
    place = track[:count, 1:]
    along, left = _on_ground(place)
    height = np.maximum(np.linalg.norm(place, axis=1) - EARTH_RADIUS_M, 0.0)
    apogee = aim_apogee + float(error[2])
    return BoostedFlight(track[:count, 0].copy(), along, left, height, apogee, command)


def _axis(latitude_deg: float, azimuth_deg: float) -> Float:
    """Return the Earth's axis in the axes of the launch: up, along the azimuth, to its left."""
    latitude, azimuth = np.radians(latitude_deg), np.radians(azimuth_deg)
    return np.array([np.sin(latitude), np.cos(latitude) * np.cos(azimuth), np.cos(latitude) * np.sin(azimuth)])


def _on_ground(place: Float) -> tuple[Float, Float]:
    """Return metres along the great circle of the launch and to the left of it, of places (..., 3)."""
    along = np.arctan2(place[..., 1], place[..., 0])
    left = np.arctan2(place[..., 2], np.hypot(place[..., 0], place[..., 1]))
    return EARTH_RADIUS_M * (np.unwrap(along) if along.ndim else along), EARTH_RADIUS_M * left


def _log_density() -> Float:
    """Return the logarithm of the air's density at heights of `_AIR_CELL_M` from the ground to 86 km."""
    height = np.arange(0.0, HEIGHT_MOST_M + 1.0, _AIR_CELL_M)
    return np.asarray(np.log(standard_atmosphere(height).density_kg_m3))


def _first_guess(distance_m: float, apogee_m: float, burn_s: float) -> Float:
    """Return the velocity gain (up, along, left) of the two-body arc, and what gravity takes during the boost."""
    arc = kepler_arc(distance_m, apogee_m)
    top_m = EARTH_RADIUS_M + apogee_m
    at_top = np.sqrt(EARTH_GM_M3_S2 * (2.0 / top_m - 1.0 / float(arc.semi_major_m)))
    along = at_top * top_m / EARTH_RADIUS_M
    up = np.sqrt(max(float(arc.speed_m_s) ** 2 - along**2, 0.0))
    gravity = EARTH_GM_M3_S2 / EARTH_RADIUS_M**2
    return np.array([up + 0.6 * gravity * burn_s, along, 0.0])


def _solve(miss: Callable[[Float], tuple[Float, int]], guess: Float) -> Float:
    """Return the command at which `miss` is nothing, by Newton's method with differences and halved steps."""
    command, error = guess, miss(guess)[0]
    for _ in range(_NEWTON_STEPS):
        if np.all(np.abs(error) < 0.1 * _CLOSE_M):
            break
        slope = np.empty((3, 3))
        for k in range(3):
            nudge = np.zeros(3)
            nudge[k] = 0.05
            slope[:, k] = (miss(command + nudge)[0] - error) / nudge[k]
        try:
            step = np.linalg.solve(slope, error)
        except np.linalg.LinAlgError:
            break
        share = 1.0
        while share > 1e-3:
            tried = miss(command - share * step)[0]
            if np.linalg.norm(tried) < np.linalg.norm(error):
                break
            share *= 0.5
        else:
            break
        command, error = command - share * step, tried
    return command


@kernel
def _density(height_m: float, log_density: Float) -> float:
    """Return the air's density at a height, kg/m^3: its logarithm joined by straight lines."""
    cell = min(max(height_m, 0.0) / _AIR_CELL_M, log_density.size - 1.000001)
    k = int(cell)
    return float(np.exp(log_density[k] + (cell - k) * (log_density[k + 1] - log_density[k])))


@kernel
def _acceleration(
    x: float, y: float, z: float, u: float, v: float, w: float, thrust: Float, forces: Forces, braked: bool
) -> tuple[float, float, float]:
    """Return the acceleration at a place and velocity, in the frame fixed to the Earth; drag only where braked."""
    radius = np.sqrt(x * x + y * y + z * z)
    pull = -EARTH_GM_M3_S2 / (radius * radius * radius)
    p, q, r = forces.spin[0], forces.spin[1], forces.spin[2]
    outward = p * x + q * y + r * z
    rate2 = p * p + q * q + r * r
    drag = 0.0
    height = radius - EARTH_RADIUS_M
    if braked and height < HEIGHT_MOST_M and u * x + v * y + w * z < 0.0:
        speed = np.sqrt(u * u + v * v + w * w)
        drag = -0.5 * _density(height, forces.log_density) * speed / forces.coefficient_kg_m2
    return (
        pull * x - 2.0 * (q * w - r * v) - p * outward + rate2 * x + thrust[0] + drag * u,
        pull * y - 2.0 * (r * u - p * w) - q * outward + rate2 * y + thrust[1] + drag * v,
        pull * z - 2.0 * (p * v - q * u) - r * outward + rate2 * z + thrust[2] + drag * w,
    )


@kernel
def _step(state: State6, h: float, thrust: Float, forces: Forces, braked: bool) -> State6:
    """Return the state one classical Runge-Kutta step of fourth order, h seconds, later."""
    x, y, z, u, v, w = state
    half = 0.5 * h
    a0, a1, a2 = _acceleration(x, y, z, u, v, w, thrust, forces, braked)
    bu, bv, bw = u + half * a0, v + half * a1, w + half * a2
    b0, b1, b2 = _acceleration(x + half * u, y + half * v, z + half * w, bu, bv, bw, thrust, forces, braked)
    cu, cv, cw = u + half * b0, v + half * b1, w + half * b2
    c0, c1, c2 = _acceleration(x + half * bu, y + half * bv, z + half * bw, cu, cv, cw, thrust, forces, braked)
    du, dv, dw = u + h * c0, v + h * c1, w + h * c2
    d0, d1, d2 = _acceleration(x + h * cu, y + h * cv, z + h * cw, du, dv, dw, thrust, forces, braked)
    sixth = h / 6.0
    return (
        x + sixth * (u + 2.0 * bu + 2.0 * cu + du),
        y + sixth * (v + 2.0 * bv + 2.0 * cv + dv),
        z + sixth * (w + 2.0 * bw + 2.0 * cw + dw),
        u + sixth * (a0 + 2.0 * b0 + 2.0 * c0 + d0),
        v + sixth * (a1 + 2.0 * b1 + 2.0 * c1 + d1),
        w + sixth * (a2 + 2.0 * b2 + 2.0 * c2 + d2),
    )


@kernel
def _height_and_rise(state: State6) -> tuple[float, float]:
    """Return the height above the ground and the speed upwards."""
    x, y, z, u, v, w = state
    radius = np.sqrt(x * x + y * y + z * z)
    return radius - EARTH_RADIUS_M, (x * u + y * v + z * w) / radius


@kernel
def _write(track: Float, row: int, now_s: float, state: State6) -> None:
    track[row, 0], track[row, 1], track[row, 2], track[row, 3] = now_s, state[0], state[1], state[2]


@njit(cache=True, nogil=True)
def _integrate(gain_m_s: Float, burn_s: float, forces: Forces, track: Float) -> tuple[int, float]:
    """Write time and place (N, 4) of a flight into `track`; return N and the apogee, metres above the ground.

    The last row is the impact, or the last moment before `_LONGEST_S` for a flight that does not come down.
    """
    none = np.zeros(3)
    braked = forces.coefficient_kg_m2 < np.inf
    state = (EARTH_RADIUS_M, 0.0, 0.0, 0.0, 0.0, 0.0)
    _write(track, 0, 0.0, state)
    now_s, count, top_m = 0.0, 1, 0.0
    if burn_s > 0.0:
        thrust = gain_m_s / burn_s
        for k in range(_BOOST_STEPS):
            state = _step(state, burn_s / _BOOST_STEPS, thrust, forces, False)
            now_s = burn_s * (k + 1) / _BOOST_STEPS
            _write(track, count, now_s, state)
            count += 1
    else:
        state = (EARTH_RADIUS_M, 0.0, 0.0, gain_m_s[0], gain_m_s[1], gain_m_s[2])
    while now_s < _LONGEST_S and count < track.shape[0]:
        before = state
        height, rise = _height_and_rise(state)
        in_air = height < HEIGHT_MOST_M - _SPACE_STEP_S * min(rise, 0.0) and braked
        step_s = _AIR_STEP_S if in_air and rise < 0.0 else _SPACE_STEP_S
        state = _step(before, step_s, none, forces, braked)
        after_m, after_rise = _height_and_rise(state)
        if rise > 0.0 >= after_rise:
            top_m = height + 0.5 * rise * step_s * rise / (rise - after_rise)
        if after_m <= 0.0 and after_rise < 0.0:
            step_s *= height / (height - after_m)  # down to the ground: twice, as the way bends a little
            state = _step(before, step_s, none, forces, braked)
            left_m, falling = _height_and_rise(state)
            step_s -= left_m / falling
            state = _step(before, step_s, none, forces, braked)
        now_s += step_s
        _write(track, count, now_s, state)
        count += 1
        if after_m <= 0.0:
            break
    return count, max(top_m, 0.0)
