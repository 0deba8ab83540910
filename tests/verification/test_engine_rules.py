"""Rules: weapons control, preference, who shares a picture, assignment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from verification.lab import (
    Fields,
    battery,
    case,
    column,
    effector,
    has_distribution,
    has_mean,
    has_share,
    leaked,
    place,
    play,
    raid,
    scenario,
    shots,
    threat,
    weapon,
)

CONTROL = "weapons control and preference"
PICTURE = "who shares a picture"


@case(CONTROL, "hold: nothing is fired and all leak, held by rules; by hand")
def test_hold(tmp_path: Path) -> None:
    results = play(tmp_path, scenario([raid(6)], doctrine=shots() | {"weapons_control": "hold"}), 50)
    assert (column(results, "fired", "weapons") == 0).all()
    assert (column(results, "cause") == "held_by_rules").all()


@case(
    CONTROL,
    "tight: identification exponential with mean m, so the order comes too late with exp(-L/m)",
    "exponential law",
)
def test_tight(tmp_path: Path) -> None:
    """In sight at 80 km; the last order 690.4 s later, as the last meeting is at 10 km and the round flies 10 s."""
    fields = scenario(
        [raid(8)],
        doctrine=shots() | {"weapons_control": "tight"},
        command={"identification": "500 s", "command": "0 s", "delay": "exponential"},
        catalogue={"effectors": [effector(kill=1.0, range_min=10_000.0)]},
    )
    late = np.exp(-(690.4 - 0.5) / 500)  # the look comes half a second after entry, in the mean
    has_share(leaked(play(tmp_path, fields, 2_500)), late, error=0.004)


def two_rounds(**doctrine: object) -> Fields:
    """Return a scenario whose unit has a good and a poor round, 3 of each."""
    return scenario(
        [raid(8)],
        doctrine=shots() | doctrine,
        catalogue={
            "effectors": [effector("good", kill=0.8), effector("poor", kill=0.3)],
            "fire_units": [battery(weapons=[weapon("good", each=3), weapon("poor", each=3)])],
        },
    )


@case(
    CONTROL,
    "without a preference the better round goes first, both to the end: kills Binomial(3, p1) + Binomial(3, p2)",
)
def test_better_round_first(tmp_path: Path) -> None:
    results = play(tmp_path, two_rounds(), 3_000)
    both = np.convolve(stats.binom(3, 0.8).pmf(np.arange(4)), stats.binom(3, 0.3).pmf(np.arange(4)))
    has_distribution(8 - leaked(results).sum(axis=1), both)


@case(CONTROL, "preferred round first: with 3 threats only it is fired, P(leak) = 1 - p of it")
@pytest.mark.parametrize(("first", "kill"), [("good", 0.8), ("poor", 0.3)])
def test_preferred_round_first(tmp_path: Path, first: str, kill: float) -> None:
    fields = two_rounds(prefer={"drone": [first]})
    fields["raids"][0]["count"] = 3
    has_share(leaked(play(tmp_path, fields, 4_000)), 1 - kill, error=0.006)


@case(CONTROL, "forbidden round: never fired; kills Binomial(3, p) with the other")
def test_forbidden_round(tmp_path: Path) -> None:
    results = play(tmp_path, two_rounds(forbid={"drone": ["good"]}), 3_000)
    has_distribution(8 - leaked(results).sum(axis=1), stats.binom(3, 0.3).pmf(np.arange(4)))
    assert (column(results, "fired", "weapons")[:, 0] == 0).all()


def pair_of_units(integration: str, *, sectors: tuple[str, str] = ("one", "two"), **rule: int) -> Fields:
    """Return a scenario of two like units on one spot."""
    units = [
        {"id": name, "type": "battery", "position": place(0, 0.0), "sector": sector}
        for name, sector in zip(("left", "right"), sectors, strict=True)
    ]
    return scenario([raid(8)], integration=integration, fire_units=units, doctrine=shots(**rule))


@case(PICTURE, "autonomous units double their fire: P(leak) = (1-p)^2; the second round is wasted with p only if later")
def test_autonomous_units_double_their_fire(tmp_path: Path) -> None:
    results = play(tmp_path, pair_of_units("autonomous"), 2_000)
    assert (column(results, "rounds") == 2).all()
    has_share(leaked(results), 0.25, error=0.004)


@case(PICTURE, "one picture: one shot allowed, one fired: P(leak) = 1-p")
def test_alliance_shoots_once(tmp_path: Path) -> None:
    results = play(tmp_path, pair_of_units("alliance"), 2_000)
    assert (column(results, "rounds") == 1).all()
    has_share(leaked(results), 0.5, error=0.004)


@case(PICTURE, "sectors: units of one sector share their shots, units of two double them")
@pytest.mark.parametrize(("sectors", "leak"), [(("one", "one"), 0.5), (("one", "two"), 0.25)])
def test_sectors(tmp_path: Path, sectors: tuple[str, str], leak: float) -> None:
    has_share(leaked(play(tmp_path, pair_of_units("sector", sectors=sectors), 2_000)), leak, error=0.004)


@case(PICTURE, "two looks each without a common picture: P(leak) = (1-p)^4; with it (1-p)^2")
@pytest.mark.parametrize(("integration", "looks"), [("autonomous", 4), ("alliance", 2)])
def test_looks_of_two_units(tmp_path: Path, integration: str, looks: int) -> None:
    fields = pair_of_units(integration, most=2)
    has_share(leaked(play(tmp_path, fields, 3_000)), 0.5**looks, error=0.004)


@case(PICTURE, "one magazine of R + R: kills of N > 2R Binomial(2R, p) with one picture; expected kills 2 R p")
def test_magazines_of_two_units(tmp_path: Path) -> None:
    fields = pair_of_units("alliance")
    fields["raids"][0]["count"] = 9
    fields["catalogue"]["fire_units"] = [battery(weapons=[weapon(each=3)])]
    has_distribution(9 - leaked(play(tmp_path, fields, 3_000)).sum(axis=1), stats.binom(6, 0.5).pmf(np.arange(7)))


@case(PICTURE, "without a picture both empty on the same: expected kills of N with R each, shots at once: R (1-q^2)")
def test_magazines_without_a_picture(tmp_path: Path) -> None:
    fields = pair_of_units("autonomous")
    fields["raids"][0] = raid(8, timing="equal", spread="4000 s")
    fields["catalogue"]["fire_units"] = [battery(weapons=[weapon(each=3)])]
    has_mean(8 - leaked(play(tmp_path, fields, 3_000)).sum(axis=1), 3 * 0.75, error=0.02)


@case(CONTROL, "nearest takes the earliest intercept, greedy the better round: P(leak) by rule")
@pytest.mark.parametrize(("assignment", "leak"), [("greedy", 0.2), ("nearest", 0.7)])
def test_assignment_rules(tmp_path: Path, assignment: str, leak: float) -> None:
    """The poor round is the faster; both reach from the same moment on."""
    fields = two_rounds(assignment=assignment)
    fields["raids"][0]["count"] = 2
    fields["catalogue"]["threats"] = [threat()]
    fields["catalogue"]["effectors"] = [
        effector("good", kill=0.8, reach_km=60.0),
        effector("poor", kill=0.3, reach_km=60.0, speed=2_000.0),
    ]
    fields["command"] = {"identification": "0 s", "command": "250 s", "delay": "constant"}
    has_share(leaked(play(tmp_path, fields, 4_000)), leak, error=0.006)


@case(PICTURE, "layers one behind the other: P(leak) = (1-p1)(1-p2) when each has its own picture")
def test_layers(tmp_path: Path) -> None:
    fields = pair_of_units("autonomous")
    fields["fire_units"][1] |= {"type": "inner"}
    fields["catalogue"]["effectors"] = [effector(kill=0.6), effector("short", kill=0.3, reach_km=8.0)]
    fields["catalogue"]["fire_units"] = [battery(), battery("inner", [weapon("short")])]
    results = play(tmp_path, fields, 2_500)
    has_share(leaked(results), 0.4 * 0.7, error=0.004)
    has_mean(column(results, "rounds"), 1.4, error=0.005)
