"""Channels: a loss system where windows are short, a queue where they are long."""

from __future__ import annotations

from math import factorial
from pathlib import Path

import numpy as np
import pytest

from verification.lab import (
    Fields,
    battery,
    case,
    column,
    effector,
    has_mean,
    is_fate,
    leaked,
    moments,
    play,
    radar,
    raid,
    scenario,
    shots,
    threat,
    town,
    weapon,
    zone,
)

LOSS = "loss system"
QUEUE = "waiting for a channel"
ERLANG = "Erlang 1917; Gross et al. 2008, Fundamentals of Queueing Theory, 2.5"
INSENSITIVE = "Sevastyanov 1957; Gross et al. 2008, 5.2.2"
POLLACZEK = "Pollaczek 1930, Khinchin 1932; Gross et al. 2008, 5.1"

SERVICE_S = 2_000.0
WARM_UP = 60


def erlang_b(channels: int, load: float) -> float:
    """Return the share of calls lost, by the sum itself."""
    terms = [load**k / factorial(k) for k in range(channels + 1)]
    return terms[-1] / sum(terms)


def one_moment(channels: int, *services_s: float) -> Fields:
    """Return a catalogue in which a threat can be taken only within 2 s of being seen, for a constant service time.

    Threats at 20 m/s are seen at 60 km. An order meets its target `service` later, which must be before the target is
    within the least range; that leaves 2 s for the order. Each class has a round of its own.
    """
    classes = ("drone", "cruise")[: len(services_s)]
    rounds = []
    for name, service_s in zip(classes, services_s, strict=True):
        least_m = 60_000.0 - 20.0 * (service_s + 2.0)
        rounds.append(
            effector(
                f"round-{name}",
                {name: 1.0},
                90.0,
                speed=10_000.0,
                reaction=service_s - least_m / 10_000.0,
                range_min=least_m,
            )
        )
    return {
        "threats": [threat(f"slow-{name}", name, speed=20.0) for name in classes],
        "effectors": rounds,
        "sensors": [radar(range_km=60.0, scan=0.001)],
        "fire_units": [battery(weapons=[weapon(f"round-{name}") for name in classes], channels=channels)],
    }


def stream(load: float, count: int = 360, name: str = "drone", service_s: float = SERVICE_S) -> Fields:
    """Return a Poisson stream of threats that offers `load` services at a time."""
    spread_s = count * service_s / load
    return raid(count, f"raid-{name}", type=f"slow-{name}", timing="poisson", spread=f"{spread_s} s")


def in_order_of_start(results: object, values: np.ndarray) -> np.ndarray:
    """Return values (R, T) with the threats of each replication in the order in which they set out."""
    return np.take_along_axis(values, np.argsort(column(results, "start_s"), axis=1), axis=1)  # type: ignore[arg-type]


@case(LOSS, "Erlang B: lost share a^c/c! / sum a^k/k!", ERLANG)
@pytest.mark.parametrize(("channels", "load"), [(1, 0.5), (2, 1.5), (3, 4.0), (6, 4.0)])
def test_erlang_b(tmp_path: Path, channels: int, load: float) -> None:
    results = play(tmp_path, scenario([stream(load)], catalogue=one_moment(channels, SERVICE_S)), 250)
    lost = in_order_of_start(results, leaked(results))[:, WARM_UP:]
    has_mean(lost.mean(axis=1), erlang_b(channels, load), error=0.004)
    causes = column(results, "cause")[leaked(results)]
    assert set(causes) == {"channels_saturated"}


@case(LOSS, "M/G/c/c: two service times, the same load: Erlang B of the load whatever the mixture", INSENSITIVE)
def test_erlang_b_is_insensitive(tmp_path: Path) -> None:
    services_s = (500.0, 2_500.0)
    streams = [stream(1.2, 400, "drone", services_s[0]), stream(1.2, 80, "cruise", services_s[1])]
    doctrine = shots(1, 1, 0.0, "drone", "cruise")
    fields = scenario(streams, doctrine=doctrine, catalogue=one_moment(3, *services_s))
    results = play(tmp_path, fields, 300)
    start_s = column(results, "start_s")
    steady = (start_s > 20_000) & (start_s < 140_000)
    lost = leaked(results)
    has_mean(np.where(steady, lost, 0).sum(axis=1) / steady.sum(axis=1), erlang_b(3, 2.4), error=0.005)


@case(
    LOSS, "each class of a mixture is lost alike: arrivals see time averages", "Wolff 1982, Operations Research 30:223"
)
def test_classes_are_lost_alike(tmp_path: Path) -> None:
    services_s = (500.0, 2_500.0)
    streams = [stream(1.2, 400, "drone", services_s[0]), stream(1.2, 80, "cruise", services_s[1])]
    doctrine = shots(1, 1, 0.0, "drone", "cruise")
    fields = scenario(streams, doctrine=doctrine, catalogue=one_moment(3, *services_s))
    results = play(tmp_path, fields, 300, seed=7)
    start_s, kind = column(results, "start_s"), column(results, "type")
    for name in ("slow-drone", "slow-cruise"):
        steady = (start_s > 20_000) & (start_s < 140_000) & (kind == name)
        share = np.where(steady, leaked(results), 0).sum(axis=1) / steady.sum(axis=1)
        has_mean(share, erlang_b(3, 2.4), error=0.006)


@case(LOSS, "N at one moment before c channels: exactly c are taken, by hand")
@pytest.mark.parametrize("channels", [1, 4, 9])
def test_as_many_as_channels(tmp_path: Path, channels: int) -> None:
    coming = raid(7, type="slow-drone")
    results = play(tmp_path, scenario([coming], catalogue=one_moment(channels, SERVICE_S)), 50)
    assert (is_fate(results, "shot_down").sum(axis=1) == min(7, channels)).all()


@case(LOSS, "two units with c channels each are one system with 2c channels when they share a picture", ERLANG)
def test_two_units_are_one_system(tmp_path: Path) -> None:
    units = [{"id": name, "type": "battery", "position": [50.0, 30.0]} for name in ("left", "right")]
    fields = scenario([stream(3.0)], fire_units=units, integration="alliance", catalogue=one_moment(2, SERVICE_S))
    results = play(tmp_path, fields, 250)
    lost = in_order_of_start(results, leaked(results))[:, WARM_UP:]
    has_mean(lost.mean(axis=1), erlang_b(4, 3.0), error=0.004)


@case(LOSS, "a channel is held until the meeting even if the target is gone by then: Erlang B of the same load", ERLANG)
def test_wasted_shots_hold_their_channel(tmp_path: Path) -> None:
    """A jammer takes all threats after the order and long before the meeting."""
    jam = {"id": "jam", "type": "jammer", "position": "beyond"}
    fields = scenario(
        [stream(1.5)],
        places={"beyond": [50.0, 30.0]},
        soft_kill_zones=[jam | {"position": [50.0, 30.0], "radius": "59 km", "hazard": {"drone": "5000 1/h"}}],
        catalogue=one_moment(2, SERVICE_S) | {"soft_kill": [zone(drone=1.0)]},
    )
    results = play(tmp_path, fields, 250)
    taken = in_order_of_start(results, column(results, "rounds") > 0)[:, WARM_UP:]
    assert is_fate(results, "suppressed").all()
    has_mean(1.0 - taken.mean(axis=1), erlang_b(2, 1.5), error=0.005)


def long_window(channels: int, service_s: float = 100.0, kill: float = 1.0) -> Fields:
    """Return a catalogue in which a threat can be taken for 3,000 s, each time for about `service_s`."""
    return {
        "threats": [threat("slow-drone", speed=20.0)],
        "effectors": [effector(kill=kill, reach_km=60.0, speed=12_000.0, reaction=service_s - 5.0)],
        "sensors": [radar(range_km=60.0, scan=0.001)],
        "fire_units": [battery(channels=channels)],
    }


@case(QUEUE, "N at one moment, c channels, service S, window L: c(1 + floor(L/S)) taken, by hand")
@pytest.mark.parametrize(("channels", "service_s", "rounds"), [(1, 700.0, 4), (2, 1_300.0, 2), (3, 2_950.0, 1)])
def test_rounds_of_service(tmp_path: Path, channels: int, service_s: float, rounds: int) -> None:
    """Orders count for 60 km / 20 m/s less the service time itself."""
    coming = raid(15, type="slow-drone")
    results = play(tmp_path, scenario([coming], catalogue=long_window(channels, service_s)), 20)
    assert 1 + int((3_000.0 - service_s) // service_s) == rounds
    assert (is_fate(results, "shot_down").sum(axis=1) == channels * rounds).all()


@case(QUEUE, "M/D/1: mean wait rho S / (2 (1 - rho))", POLLACZEK)
@pytest.mark.parametrize("load", [0.3, 0.6])
def test_mean_wait_of_one_channel(tmp_path: Path, load: float) -> None:
    wait_s, service_s = waits(tmp_path, load)
    has_mean(wait_s.mean(axis=1), load * service_s / (2 * (1 - load)), error=2.0)


@case(QUEUE, "M/D/1: share that need not wait 1 - rho", POLLACZEK)
@pytest.mark.parametrize("load", [0.3, 0.6])
def test_share_that_need_not_wait(tmp_path: Path, load: float) -> None:
    wait_s, _ = waits(tmp_path, load)
    has_mean((wait_s < 1e-6).mean(axis=1), 1 - load, error=0.005)


@case(
    QUEUE,
    "M/D/1: P(wait <= S) = (1-rho)(e^rho - 1 + ... ), Erlang's formula for 0 <= t <= S: (1-rho) e^(lambda t)",
    ERLANG,
)
def test_distribution_of_the_wait(tmp_path: Path) -> None:
    wait_s, service_s = waits(tmp_path, 0.6)
    for part in (0.25, 0.75):
        has_mean((wait_s < part * service_s).mean(axis=1), 0.4 * np.exp(0.6 * part), error=0.006)


def waits(folder: Path, load: float) -> tuple[np.ndarray, float]:
    """Return the waits (R, threats after the warm-up) before one channel, and the service time."""
    service_s = 100.0
    coming = raid(260, type="slow-drone", timing="poisson", spread=f"{260 * service_s / load} s")
    results = play(folder, scenario([coming], catalogue=long_window(1, service_s)), 200, events=True)
    wait_s = moments(results, "fired") - column(results, "engageable_s")
    return in_order_of_start(results, wait_s)[:, WARM_UP:], service_s


@case(QUEUE, "the threat with the most value at risk is taken first, then the one whose window closes first, by hand")
def test_order_of_service(tmp_path: Path) -> None:
    """One channel, 700 s a service: four are taken, the three at the rich town and the first of the others."""
    rich = {"id": "rich", "kind": "lab-town", "position": [50.0, 30.0], "value": 500}
    poor = {"id": "town", "kind": "lab-town", "position": [50.0, 30.0]}
    first = raid(1, "a-first", type="slow-drone")
    crowd = [
        raid(6, "b-poor", type="slow-drone", launch="+00:01"),
        raid(3, "c-rich", type="slow-drone", aim=["rich"], launch="+00:01"),
    ]
    fields = scenario([first, *crowd], assets=[poor, rich], catalogue=long_window(1, 700.0) | {"assets": [town()]})
    results = play(tmp_path, fields, 20)
    fate = is_fate(results, "shot_down")
    assert fate[:, 0].all()
    assert not fate[:, 1:7].any()
    assert fate[:, 7:].all()


@case(
    QUEUE, "a saturated unit still looks before it shoots again: orders at one threat S + look apart or more, by hand"
)
def test_waiting_does_not_shorten_the_look(tmp_path: Path) -> None:
    coming = raid(6, type="slow-drone")
    fields = scenario([coming], doctrine=shots(1, 20, 300.0), catalogue=long_window(1, 100.0, 0.3))
    results = play(tmp_path, fields, 300, events=True)
    orders = results.query(
        "select time_s - lag(time_s) over (partition by replication, threat order by time_s) as gap_s "
        "from events where kind = 'fired'"
    )
    gaps_s = np.array([row["gap_s"] for row in orders.to_pylist() if row["gap_s"] is not None])
    assert gaps_s.size > 1_000
    assert gaps_s.min() >= 300.0 + 95.0
