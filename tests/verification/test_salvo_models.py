"""Salvo models: published figures of Hughes, Armstrong and Powell, and the press.

The press' arithmetic and Hughes' subtraction run as scenario files. Coral Sea does not: there the defence stops hits
that would have been, two fleets shoot at once, and a hit takes a normal share of a carrier; a raid on places has
neither. It is computed here on its own, by brute force, and compared with what was published.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from verification.lab import case, effector, has_share, leaked, play, raid, scenario, shots

SALVO_MODELS = "salvo models"
HUGHES = "Hughes 1995, Naval Research Logistics 42:267-289"
ARMSTRONG = "Armstrong & Powell 2005, https://www3.carleton.ca/csds/docs/working_papers/ArmstrongWP03.pdf"
PRESS = "https://www.popularmechanics.com/military/weapons/news/amp28653/us-missile-defense-accuracy/"


@case(SALVO_MODELS, "press: 4 shots at .56 kill with .9625, at .50 with .9375 (as a scenario file)", PRESS)
@pytest.mark.parametrize(("kill", "published"), [(0.56, 0.9625), (0.50, 0.9375)])
def test_four_shots(tmp_path: Path, kill: float, published: float) -> None:
    fields = scenario([raid(10)], doctrine=shots(4, 4), catalogue={"effectors": [effector(kill=kill)]})
    assert published == pytest.approx(1 - (1 - kill) ** 4, abs=5e-5)
    has_share(~leaked(play(tmp_path, fields, 2_000)), 1 - (1 - kill) ** 4, error=0.002)


def hits_that_get_through(shots_at: int, hit: float, fighters: int, stop: float) -> Iterator[tuple[int, float]]:
    """Yield (hits, probability): would-be hits binomial, less binomial interceptions, never below none."""
    for would in range(shots_at + 1):
        for stopped in range(fighters + 1):
            yield (
                max(would - stopped, 0),
                comb(shots_at, would) * hit**would * (1 - hit) ** (shots_at - would)
                * comb(fighters, stopped) * stop**stopped * (1 - stop) ** (fighters - stopped),
            )  # fmt: skip


def carriers_lost(hits: int, carriers: int, spread: float) -> float:
    """Return the mean of a normal loss with mean `hits` and deviation `spread` sqrt(hits), held in 0..carriers."""
    if hits == 0:
        return 0.0
    law = stats.norm(hits, spread * np.sqrt(hits))
    grid = np.linspace(0.0, carriers, 4_001)
    return float(np.trapezoid(law.sf(grid), grid))


@case(
    SALVO_MODELS,
    "Coral Sea: mean carriers lost, direct 1.52 and 1.44 (normal approximation published 1.55, 1.45)",
    ARMSTRONG,
)
@pytest.mark.parametrize(
    ("squadrons", "hit", "fighters", "stop", "direct", "published"),
    [(4, 0.6429, 2, 0.2857, 1.52, 1.55), (6, 0.4762, 2, 0.4286, 1.44, 1.45)],
)
def test_coral_sea(squadrons: int, hit: float, fighters: int, stop: float, direct: float, published: float) -> None:
    mean = sum(p * carriers_lost(h, 2, 1 / 3) for h, p in hits_that_get_through(squadrons, hit, fighters, stop))
    assert mean == pytest.approx(direct, abs=0.015)
    assert mean == pytest.approx(published, abs=0.05)


@case(SALVO_MODELS, "Hughes: dB = (a A - b3 B)/b1; at parity doubled quality is worth doubled numbers", HUGHES)
@pytest.mark.parametrize("force", [2.0, 5.0, 9.0])
def test_quality_is_worth_numbers(force: float) -> None:
    def lost(own: float, other: float, strike: float, defend: float, stay: float) -> float:
        return min(max((strike * other - defend * own) / stay, 0.0), own)

    strike, defend, stay = 3.0, 1.0, 2.0
    same = lost(force, force, strike, defend, stay) / force
    assert lost(2 * force, force, strike, defend, stay) / (2 * force) <= same
    # A has half of B's ships, each with twice the striking, defending and staying power: equal shares are lost.
    share_a = lost(force / 2, force, strike, 2 * defend, 2 * stay) / (force / 2)
    share_b = lost(force, force / 2, 2 * strike, defend, stay) / force
    assert share_a == pytest.approx(share_b) == pytest.approx(same)
