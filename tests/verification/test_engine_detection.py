"""Detection and orders: looks until a track, short stays, horizon, range law, delays, availability."""

from __future__ import annotations

from math import exp, floor, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from verification.lab import (
    FAIR,
    Fields,
    case,
    column,
    effector,
    has_distribution,
    has_mean,
    has_share,
    leaked,
    place,
    play,
    radar,
    raid,
    scenario,
    shots,
    threat,
)

LOOKS = "looks until a track"
SIGHT = "horizon and range"
ORDERS = "orders"
AVAILABLE = "availability"
NEGATIVE_BINOMIAL = "Feller 1968, An Introduction to Probability Theory, vol. 1, VI.8"
HORIZON = "ITU-R P.453, 4/3 Earth; ATIS Telecom Glossary, radio horizon"


def searched(**changes: float) -> Fields:
    """Return a scenario without shots that the radar could miss: tracks only."""
    return scenario([raid(8)], catalogue={"sensors": [radar(**changes)]})


def entered_s(folder: Path, **changes: float) -> float:
    """Return when the first threat came into sight: the track of a radar that looks without pause and never misses."""
    fields = searched(**(changes | {"scan": 1e-6, "detection": 1.0, "hits": 1}))
    return float(column(play(folder, fields, 1), "first_track_s")[0, 0])


@case(LOOKS, "mean moment of the track: entry + scan (1/2 + h/p - 1)", NEGATIVE_BINOMIAL)
@pytest.mark.parametrize(("hits", "chance"), [(1, 1.0), (1, 0.5), (3, 0.6), (5, 0.7)])
def test_mean_moment_of_the_track(tmp_path: Path, hits: int, chance: float) -> None:
    track_s = column(play(tmp_path, searched(scan=4.0, detection=chance, hits=hits), 1_500), "first_track_s")
    has_mean(track_s - entered_s(tmp_path), 4.0 * (0.5 + hits / chance - 1.0), error=0.08)


@case(LOOKS, "looks until h detections: h + negative binomial (chi-square)", NEGATIVE_BINOMIAL)
@pytest.mark.parametrize(("hits", "chance"), [(1, 0.4), (2, 0.5), (4, 0.7)])
def test_number_of_looks(tmp_path: Path, hits: int, chance: float) -> None:
    track_s = column(play(tmp_path, searched(scan=4.0, detection=chance, hits=hits), 1_500), "first_track_s")
    looks = np.floor((track_s - entered_s(tmp_path)) / 4.0).astype(int) + 1 - hits
    law = stats.nbinom(hits, chance).pmf(np.arange(60))
    has_distribution(np.minimum(looks, 60), [*law, 1.0 - law.sum()])


@case(LOOKS, "phase of the first look: even over a scan (Kolmogorov-Smirnov)")
def test_phase_of_the_first_look(tmp_path: Path) -> None:
    track_s = column(play(tmp_path, searched(scan=10.0), 600), "first_track_s")
    assert stats.kstest((track_s.ravel() - entered_s(tmp_path)) / 10.0, "uniform").pvalue > FAIR


@case(LOOKS, "a stay of T: P(track) = sum over n of NB(n) P(phase <= T/scan - n + 1)", NEGATIVE_BINOMIAL)
@pytest.mark.parametrize(("hits", "chance", "scan_s"), [(1, 1.0, 260.0), (2, 0.6, 30.0), (3, 0.4, 20.0)])
def test_a_short_stay(tmp_path: Path, hits: int, chance: float, scan_s: float) -> None:
    """Past a radar that sees 12 km, at 5 km aside and 1 km up; the whole way is in sight of no other."""
    aside = 90 + np.degrees(np.arctan2(5.0, 50.0))
    fields = scenario(
        [raid(8)],
        fire_units=[{"id": "unit", "type": "battery", "position": place(aside, sqrt(50.0**2 + 5.0**2))}],
        catalogue={"sensors": [radar(range_km=12.0, scan=scan_s, detection=chance, hits=hits)]},
    )
    found = np.isfinite(column(play(tmp_path, fields, 2_500), "first_track_s"))
    stay = 2 * sqrt(12.0**2 - 5.0**2 - 0.95**2) * 10.0 / scan_s
    looks = np.arange(hits, floor(stay) + 2)
    chances = stats.nbinom(hits, chance).pmf(looks - hits) * np.clip(stay - looks + 1, 0.0, 1.0)
    has_share(found, float(chances.sum()), error=0.004)


@case(LOOKS, "the first of two independent radars of one picture: minimum of two laws, P(M > t) = P(T > t)^2")
def test_first_of_two_radars(tmp_path: Path) -> None:
    twin = [{"id": name, "type": "eye", "position": place(90, 0.0)} for name in ("left", "right")]
    fields = searched(scan=20.0) | {"sensors": twin, "integration": "alliance"}
    fields["catalogue"]["sensors"] += [radar("dim", range_km=1.0)]
    fields["catalogue"]["fire_units"][0]["radar"] = "dim"
    track_s = column(play(tmp_path, fields, 600), "first_track_s")
    assert stats.kstest((track_s.ravel() - entered_s(tmp_path)) / 20.0, stats.beta(1, 2).cdf).pvalue > FAIR


@case("horizon", "distance at first sight of a low flier: 4.12 (sqrt h1 + sqrt h2) km", HORIZON)
@pytest.mark.parametrize(("mast_m", "height_m"), [(30.0, 50.0), (30.0, 100.0), (12.0, 300.0), (100.0, 20.0)])
def test_low_flier_over_the_horizon(tmp_path: Path, mast_m: float, height_m: float) -> None:
    fields = searched(mast=mast_m, range_km=300.0, scan=1e-6)
    fields["catalogue"]["threats"] = [threat(height=height_m)]
    first_s = column(play(tmp_path, fields, 1), "first_track_s")[0, 0]
    distance_km = 100.0 - 0.1 * first_s
    assert distance_km == pytest.approx(4.12 * (sqrt(mast_m) + sqrt(height_m)), rel=2e-3)


@case(SIGHT, "range on a cross-section: R (sigma/sigma0)^(1/4)", "radar equation; Skolnik 2008, Radar Handbook, ch. 1")
@pytest.mark.parametrize("cross_m2", [0.0016, 0.0625, 1.0])
def test_range_by_cross_section(tmp_path: Path, cross_m2: float) -> None:
    fields = searched(range_km=80.0, scan=1e-6)
    fields["catalogue"]["threats"] = [threat(cross=cross_m2)]
    first_s = column(play(tmp_path, fields, 1), "first_track_s")[0, 0]
    slant_km = sqrt((100.0 - 0.1 * first_s) ** 2 + 0.95**2)
    assert slant_km == pytest.approx(80.0 * cross_m2**0.25, abs=0.01)


@case(SIGHT, "beyond the greatest height of a radar nothing is seen until it comes down, over its last 4 km; by hand")
def test_too_high_to_be_seen(tmp_path: Path) -> None:
    fields = searched()
    fields["catalogue"]["threats"] = [threat(height=31_000.0)]
    results = play(tmp_path, fields, 20)
    assert column(results, "first_track_s").min() >= 960.0


def ordered(folder: Path, control: str = "tight", **command: str) -> np.ndarray:
    """Return the delays (R, T) from track to order."""
    fields = scenario([raid(8)], command=command, doctrine=shots() | {"weapons_control": control})
    results = play(folder, fields, 1_500)
    return np.asarray(column(results, "engageable_s") - column(results, "first_track_s"))


@case(ORDERS, "constant delays: identification + command, exactly")
def test_constant_delay(tmp_path: Path) -> None:
    delay_s = ordered(tmp_path, identification="20 s", command="30 s", delay="constant")
    assert delay_s == pytest.approx(50.0)


@case(ORDERS, "weapons free: nobody waits for identification: command alone, exactly")
def test_weapons_free_needs_no_identification(tmp_path: Path) -> None:
    delay_s = ordered(tmp_path, "free", identification="20 s", command="30 s", delay="constant")
    assert delay_s == pytest.approx(30.0)


@case(ORDERS, "exponential delays: sum of two exponentials (Kolmogorov-Smirnov)", "hypoexponential law")
def test_exponential_delay(tmp_path: Path) -> None:
    delay_s = ordered(tmp_path, identification="20 s", command="30 s", delay="exponential").ravel()
    law = lambda t: 1 - (30 * np.exp(-t / 30) - 20 * np.exp(-t / 20)) / 10  # noqa: E731
    assert stats.kstest(delay_s, law).pvalue > FAIR
    has_mean(delay_s, 50.0, error=0.5)


@case(ORDERS, "equal means: Erlang's law with two stages (Kolmogorov-Smirnov)", "Erlang law")
def test_two_equal_stages(tmp_path: Path) -> None:
    delay_s = ordered(tmp_path, identification="25 s", command="25 s", delay="exponential").ravel()
    assert stats.kstest(delay_s, stats.gamma(2, scale=25).cdf).pvalue > FAIR


def late(delay: str, mean_s: float) -> Fields:
    """Return a scenario whose order must come within 600 s of the track, less the flight of the round."""
    return scenario(
        [raid(8)],
        command={"identification": "0 s", "command": f"{mean_s} s", "delay": delay},
        catalogue={
            "threats": [threat(height=100.0)],
            "effectors": [effector(kill=0.7, range_min=10_000.0)],
            "sensors": [radar(range_km=70.0, scan=1e-6, mast=200.0)],
        },
    )


@case(ORDERS, "order after the window: P = exp(-L/mean), L from the track to the last order", "exponential law")
@pytest.mark.parametrize("mean_s", [120.0, 400.0, 1_500.0])
def test_delay_beyond_the_window(tmp_path: Path, mean_s: float) -> None:
    """Seen at 70 km, last meeting at 10 km 600 s later, ordered the 10 s of the round's flight before."""
    results = play(tmp_path, late("exponential", mean_s), 2_500)
    too_late = exp(-590.0 / mean_s)
    has_share(column(results, "cause") == "command_delay", too_late, error=0.004)
    has_share(leaked(results), too_late + (1 - too_late) * 0.3, error=0.004)


@case(ORDERS, "constant delay just within and just beyond the window, by hand")
@pytest.mark.parametrize(("delay_s", "share"), [(589.0, 1.0), (591.0, 0.0)])
def test_delay_at_the_edge(tmp_path: Path, delay_s: float, share: float) -> None:
    results = play(tmp_path, late("constant", delay_s), 20)
    assert (column(results, "rounds") > 0).mean() == share


@case(ORDERS, "delays of a threat in two networks are independent: correlation 0, standard error 1/sqrt(n)")
def test_networks_decide_apart(tmp_path: Path) -> None:
    units = [{"id": name, "type": "battery", "position": place(90, 0.0)} for name in ("left", "right")]
    command = {"identification": "0 s", "command": "30 s", "delay": "exponential"}
    results = play(tmp_path, scenario([raid(8)], fire_units=units, command=command), 400, events=True)
    rows = results.query(
        "select max(time_s) - min(time_s) as gap_s from events where kind = 'engageable' group by replication, threat"
    )
    gaps_s = [row["gap_s"] for row in rows.to_pylist()]
    has_mean(gaps_s, 30.0, error=0.8)  # the gap of two independent exponentials is exponential with the same mean


@case(
    AVAILABLE,
    "unit available with chance a: P(leak) = 1 - a p, and all of a raid share the luck: P(nothing fired) = 1-a",
)
def test_availability_of_a_unit(tmp_path: Path) -> None:
    unit = {"id": "unit", "type": "battery", "position": place(0, 0.0), "availability": 0.7}
    results = play(tmp_path, scenario([raid(4)], fire_units=[unit]), 8_000)
    silent = column(results, "fired", "weapons")[:, 0] == 0
    has_share(silent, 0.3, error=0.006)
    has_share(leaked(results)[~silent], 0.5, error=0.004)
    has_share(leaked(results)[:, 0], 0.3 + 0.7 * 0.5, error=0.006)


@case(AVAILABLE, "k of n units at work: binomial; each has rounds for 2 and kills for sure")
def test_availability_of_many(tmp_path: Path) -> None:
    from verification.lab import battery, weapon

    units = [{"id": f"u{i}", "type": "battery", "position": place(0, 0.0), "availability": 0.6} for i in range(4)]
    kinds = {"effectors": [effector(kill=1.0)], "fire_units": [battery(weapons=[weapon(each=2)])]}
    results = play(tmp_path, scenario([raid(8)], fire_units=units, integration="alliance", catalogue=kinds), 4_000)
    has_distribution((8 - leaked(results).sum(axis=1)) // 2, stats.binom(4, 0.6).pmf(np.arange(5)))


@case(AVAILABLE, "two early radars, each there with chance a: seen early with 1 - (1-a)^2")
def test_availability_of_sensors(tmp_path: Path) -> None:
    far = [{"id": name, "type": "far-eye", "position": place(0, 0.0), "availability": 0.6} for name in ("a", "b")]
    kinds = {"sensors": [radar(range_km=30.0), radar("far-eye", range_km=80.0)]}
    results = play(tmp_path, scenario([raid(1)], sensors=far, integration="alliance", catalogue=kinds), 8_000)
    early = column(results, "first_track_s") < (100 - 60) * 10
    has_share(early, 1 - 0.4**2, error=0.006)


@case(AVAILABLE, "ready only after t: threats whose window has closed by then leak, by hand")
def test_time_to_be_ready(tmp_path: Path) -> None:
    """Threats 100 s apart from 50 s on; the last order for each comes 890 s after its launch; ready at 1,245 s."""
    unit = {"id": "unit", "type": "battery", "position": place(0, 0.0), "readiness": "1245 s"}
    coming = raid(10, timing="equal", spread="1000 s")
    kinds = {"effectors": [effector(kill=1.0, range_min=10_000.0)]}
    results = play(tmp_path, scenario([coming], fire_units=[unit], catalogue=kinds), 5)
    assert (leaked(results).sum(axis=1) == 4).all()  # those launched at 50, 150, 250 and 350 s
