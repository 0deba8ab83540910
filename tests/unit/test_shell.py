"""A shell around a point: a straight fall and a straight pass have crossings that a pencil finds."""

from __future__ import annotations

import numpy as np
import pytest

from shieldwall.core.shell import Shell, inside_intervals

EARTH_M = 6_371_000.0


def crossings(near_m, far_m, *, lowest_m=-np.inf, highest_m=np.inf, track, height):
    """Intervals of a two-node path in a flat world: `track` is along the ground, heights stand on a far Earth."""
    ground = np.array([[EARTH_M, x, 0.0] for x in track])
    xyz = ground + np.array([[h, 0.0, 0.0] for h in height])
    shell = Shell(
        EARTH_M, 0.0, 0.0, EARTH_M, 0.0, 0.0, near_m, far_m, lowest_m, highest_m, np.inf, 0.0, False
    )  # fmt: skip
    found = np.empty((4, 2))
    count = inside_intervals(xyz, ground, np.array(height, dtype=float), 10_000.0, shell, found)
    return found[:count]


def test_a_fall_on_the_centre_within_one_leg_is_inside_between_far_and_near():
    # 5 km out at height 0 straight to the centre: inside from 3.5 km to 0.1 km.
    found = crossings(100.0, 3_500.0, track=[5_000.0, 0.0], height=[0.0, 0.0])
    assert found == pytest.approx(np.array([[0.3, 0.98]]), abs=1e-9)


def test_a_pass_through_a_hollow_shell_within_one_leg_is_inside_twice():
    found = crossings(1_000.0, 2_000.0, track=[-5_000.0, 5_000.0], height=[0.0, 0.0])
    assert found == pytest.approx(np.array([[0.3, 0.4], [0.6, 0.7]]), abs=1e-9)


def test_a_dive_through_a_band_of_heights_within_one_leg_is_inside_while_in_it():
    # From 3 km up and 4 km out down to the centre (3-4-5): below 1.5 km from half way on, too near from 0.1 km.
    found = crossings(100.0, 4_000.0, highest_m=1_500.0, track=[4_000.0, 0.0], height=[3_000.0, 0.0])
    assert found == pytest.approx(np.array([[0.5, 0.98]]), abs=1e-9)


def test_a_pass_out_of_reach_is_never_inside():
    assert crossings(0.0, 2_000.0, track=[-5_000.0, 5_000.0], height=[2_500.0, 2_500.0]).shape == (0, 2)
