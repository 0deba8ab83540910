"""The engine with passive defence and readiness against closed forms, from the scenario file to the results."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from shieldwall import Results
from verification.lab import (
    CENTRE,
    Fields,
    case,
    column,
    figure,
    has_distribution,
    has_mean,
    has_share,
    is_fate,
    moments,
    place,
    play,
    raid,
    scenario,
    threat,
    town,
)

PASSIVE = "passive defence"
READY = "readiness and intelligence"
POINTS = "splitting of a multinomial"
NOBODY = {"id": "far", "type": "battery", "position": place(180, 400)}
PEOPLE = 1_000_000


def measure(kind: str, **figures: Any) -> Fields:
    return {"id": kind.replace("_", "-"), "name": kind, "kind": kind, "unit_cost": figure(1, "USD")} | figures


def habits(**changes: float) -> Fields:
    given = {"shelter": 1.0, "time_s": 1e-3, "spread": 0.1, "risk": 0.0, "out": 0.0} | changes
    share = {name: figure(given["out"], "fraction") for name in ("night", "morning", "day", "evening")}
    return {
        "id": "habits",
        "name": "habits",
        "to_shelter": figure(given["shelter"], "fraction"),
        "to_inner_room": figure(0, "fraction"),
        "time_to_shelter": figure(given["time_s"], "s"),
        "time_to_inner_room": figure(1, "s"),
        "time_spread": figure(given["spread"], "fraction") | {"high": 5.0},
        "outdoors": share,
        "risk_outdoors": figure(2, "fraction") | {"high": 4.0},
        "risk_inner_room": figure(0.5, "fraction"),
        "risk_shelter": figure(given["risk"], "fraction"),
        "places": figure(1, "fraction"),
        "cost_per_place": figure(1, "USD"),
    }


def system(latency_s: float = 0.0, reached: float = 1.0) -> Fields:
    return {
        "id": "bells",
        "name": "bells",
        "latency": figure(latency_s, "s"),
        "broadcast": figure(5, "s"),
        "hold": figure(60, "s"),
        "reached_day": figure(reached, "fraction"),
        "reached_night": figure(reached, "fraction"),
        "cost_per_person": figure(1, "USD"),
    }


def hurt(shape: float = 1.0, area: float = 2.0) -> Fields:
    return {
        "id": "shell",
        "name": "shell",
        "area": figure(area, "m2"),
        "killed": figure(0.25, "fraction"),
        "shape": figure(shape, "count") | {"low": min(shape, 0.1)},
    }


def undefended(
    count: int, measures: list[Fields] | None = None, used: list[Fields] | None = None, **changes: Any
) -> Fields:
    """Return the laboratory with its battery 400 km away and `count` threats at the town."""
    groups = changes.pop("catalogue", {})
    return scenario(
        [raid(count, **changes.pop("raid", {}))],
        fire_units=changes.pop("fire_units", [NOBODY]),
        passive=used or [],
        catalogue=({"measures": measures} if measures else {}) | groups,
        **changes,
    )


def inhabited(count: int, **changes: Any) -> Fields:
    """Return a town with people that a radar beside it watches."""
    groups = {"sheltering": [habits()], "alert_systems": [system()], "consequences": [hurt()]}
    groups |= changes.pop("catalogue", {})
    return undefended(
        count,
        catalogue=groups,
        assets=[{"id": "town", "kind": "lab-town", "position": CENTRE, "population": PEOPLE}],
        sensors=[{"id": "watch", "type": "eye", "position": CENTRE}],
        integration="alliance",
        people={"shelter": "habits", "consequence": "shell"} | changes.pop("people", {}),
        **changes,
    )


def hits(results: Results, target: str) -> np.ndarray:
    return is_fate(results, "leaked_hit") & (column(results, "target") == target)


@case(PASSIVE, "n decoys of attraction a: a share 1/(1+na) of a raid still goes at the town", POINTS)
def test_decoys_draw_their_share(tmp_path: Path) -> None:
    used = [{"measure": "decoy", "of": ["town"], "count": 3, "apart": "5 km"}]
    results = play(tmp_path, undefended(20, [measure("decoy", attraction=figure(0.5, "fraction"))], used), 2_000)
    has_share(hits(results, "town"), 1 / 2.5, error=0.003)
    has_share(hits(results, "town~decoy-2"), 0.5 / 2.5, error=0.003)
    lost = results.query("select sum(damage) d from rows where target <> 'town'").to_pylist()[0]["d"]
    assert lost == 0.0


@case(PASSIVE, "K hits on N aim points, each takes d of what is left of its own: left E = (1 - d/N)^K", POINTS)
@pytest.mark.parametrize("points", [2, 5])
def test_dispersal_expected_damage(tmp_path: Path, points: int) -> None:
    used = [{"measure": "dispersal", "of": ["town"], "count": points, "apart": "5 km"}]
    results = play(tmp_path, undefended(6, [measure("dispersal")], used), 4_000)
    left = column(results, "remaining", "targets")[:, :points].mean(axis=1)
    has_mean(left, (1 - 0.5 / points) ** 6, error=0.003)


@case(PASSIVE, "camouflage misdirects m, silence s of what would hit: hit share (1-m)(1-s), by class")
def test_camouflage_misdirects_its_share(tmp_path: Path) -> None:
    led = {"drone": figure(0.3, "fraction")}
    other = {"cruise": figure(0.9, "fraction")}
    kinds = [
        measure("camouflage", misdirected=led),
        measure("camouflage", misdirected=other) | {"id": "nets"},
        measure("camouflage", misdirected={"drone": figure(0.2, "fraction")}) | {"id": "smoke"},
    ]
    used = [{"measure": name, "of": ["town"]} for name in ("camouflage", "nets", "smoke")]
    results = play(tmp_path, undefended(20, kinds, used), 2_000)
    has_share(hits(results, "town"), 0.7 * 0.8, error=0.003)


@case(PASSIVE, "hardening by f: a hit of w takes 1 - 2^(-w/(f h)), K hits leave 2^(-K w/(f h)), exactly")
def test_hardening(tmp_path: Path) -> None:
    used = [{"measure": "hardening", "of": ["town"]}]
    kind = measure("hardening", hardness_factor=figure(4, "fraction") | {"high": 9.0})
    results = play(tmp_path, undefended(3, [kind], used), 10)
    assert column(results, "remaining", "targets")[:, 0] == pytest.approx(2 ** (-3 / 4))


@case(
    PASSIVE, "a unit that stays s and marches m, known k ago: at work s/(s+m), found with exp(-k/s)", "renewal theory"
)
def test_relocation(tmp_path: Path) -> None:
    kind = measure("relocation", stay=figure(24, "h"), move=figure(8, "h"), knowledge=figure(12, "h"))
    hunter = {"id": "hunt", "type": "hunter", "count": 2, "axis": {"toward": "town", "bearing": "90 deg",
              "distance": "100 km"}, "aim": ["unit"], "launch": "+00:00"}  # fmt: skip
    fields = scenario(
        [raid(6), hunter],
        passive=[{"measure": "relocation", "of": ["unit"]}],
        catalogue={"measures": [kind], "threats": [threat(), threat("hunter", "supersonic", speed=20.0)]},
    )
    results = play(tmp_path, fields, 4_000)
    has_share(column(results, "fired", "weapons")[:, 0] > 0, 24 / 32, error=0.008)
    # the first to come down finds the unit or not; a unit at work and found is then gone for the second
    first = hits(results, "unit")[:, :2]
    has_share(first.any(axis=1), 1 - (1 - math.exp(-0.5)) ** 2, error=0.01)


@case(
    PASSIVE,
    "a radar that emits in a share d of its scans: track after scan (1/2 + h/(p d) - 1) on the mean",
    "Feller 1968",
)
def test_emission_control_delays_the_track(tmp_path: Path) -> None:
    kind = measure(
        "emission_control", duty=figure(0.25, "fraction"), misdirected={"anti_radiation": figure(0.6, "fraction")}
    )
    fields = undefended(
        5, [kind], [{"measure": "emission-control", "of": ["watch"]}],
        sensors=[{"id": "watch", "type": "eye", "position": CENTRE}], integration="alliance",
    )  # fmt: skip
    plain = play(tmp_path, fields | {"passive": []}, 400)
    results = play(tmp_path, fields, 2_000)
    later = column(results, "first_track_s") - column(results, "start_s")
    before = column(plain, "first_track_s") - column(plain, "start_s")
    has_mean(later - before.mean(), 1 / 0.25 - 1, error=0.05)


@case(
    PASSIVE,
    "casualties of K hits without warning: K N A w^(2/3)/(pi r^2), scaled by the share outdoors",
    "cube-root scaling",
)
def test_expected_casualties(tmp_path: Path) -> None:
    results = play(tmp_path, inhabited(4, catalogue={"sheltering": [habits(out=0.3)]}), 3_000)
    each = PEOPLE * 2.0 * 100 ** (2 / 3) / (math.pi * 1_000**2) * (1 + 0.3)
    people = results.summary().people
    assert people is not None
    has_mean(results.counts.casualties, 4 * each, error=1.5)
    assert people.casualties.mean == people.unwarned.mean
    assert people.killed == pytest.approx(0.25 * people.casualties.mean)


@case(PASSIVE, "casualties of one hit: negative binomial, variance m + m^2/k", "Poisson mixed by a gamma law")
def test_casualties_of_one_hit(tmp_path: Path) -> None:
    area = 3.0 * math.pi * 1_000**2 / PEOPLE / 100 ** (2 / 3)  # 3 on the mean
    results = play(tmp_path, inhabited(1, catalogue={"consequences": [hurt(2.0, area)]}), 8_000)
    law = stats.nbinom(2.0, 2.0 / 5.0)
    found = np.minimum(results.counts.casualties, 15)
    has_distribution(found, [*law.pmf(np.arange(15)), law.sf(14)])


@case(PASSIVE, "warning of a lone threat: track to impact less broadcast less exponential latency, 0 if negative")
def test_warning_latency(tmp_path: Path) -> None:
    """E(T - L)+ = T - tau (1 - exp(-T/tau)) with T from track to impact less 5 s of broadcast."""
    fields = inhabited(1, people={"warning": "bells"}, catalogue={"alert_systems": [system(400.0)]})
    results = play(tmp_path, fields, 6_000)
    given = (column(results, "end_s") - column(results, "first_track_s"))[:, 0] - 5.0
    warned = column(results, "warning_s", "impacts")[:, 0]
    has_mean(warned, float(np.mean(given - 400.0 * (1 - np.exp(-given / 400.0)))), error=4.0)
    has_share(warned == 0.0, float(np.exp(-given / 400.0).mean()), error=0.006)
    late = (given - warned)[warned > 0.0]
    assert stats.kstest(late, stats.truncexpon(b=given.mean() / 400.0, scale=400.0).cdf).pvalue > 6e-5


@case(
    PASSIVE,
    "shelter curve: a log-normal walk of median T/2 under a warning T, reached r: risk 1 - r Phi(ln 2/s)(1 - q)",
)
def test_shelter_curve(tmp_path: Path) -> None:
    flight_s = 80_000 / 100.0  # in sight at 80 km, 100 m/s
    fields = inhabited(
        4,
        people={"warning": "bells"},
        catalogue={
            "alert_systems": [system(0.0, 0.8)],
            "sheltering": [habits(time_s=flight_s / 2, spread=0.6, risk=0.2)],
        },
    )
    results = play(tmp_path, fields, 4_000)
    assert column(results, "warning_s", "impacts").mean() == pytest.approx(flight_s, rel=0.02)
    warning_s = column(results, "warning_s", "impacts")
    arrived = stats.lognorm(s=0.6, scale=flight_s / 2).cdf(warning_s).mean()
    each = PEOPLE * 2.0 * 100 ** (2 / 3) / (math.pi * 1_000**2)
    has_mean(results.counts.casualties, 4 * each * (1 - 0.8 * arrived * (1 - 0.2)), error=1.2)
    has_mean(results.counts.unwarned, 4 * each, error=1.5)


@case(PASSIVE, "k of n parts, each down with q: lost in a share P(fewer than k up) of the raids, binomial")
def test_k_of_n_service(tmp_path: Path) -> None:
    """Five towns, each the aim of one threat that hits with 1 - 2^(-(r/CEP)^2) = 1/2 and takes all."""
    fields = five_towns()
    fields["services"] = [{"id": "s", "kind": "runway", "demand": 1, "parts": fields.pop("parts"), "needed": 3}]
    results = play(tmp_path, fields, 4_000)
    has_share(results.counts.service_lost[:, 0] > 0, float(stats.binom(5, 0.5).cdf(2)), error=0.008)


@case(PASSIVE, "capacities that add up, each part down with q for the whole horizon H: lost E = n c q H")
def test_added_capacities(tmp_path: Path) -> None:
    fields = five_towns()
    fields["services"] = [{"id": "s", "kind": "power", "parts": fields.pop("parts")}]
    fields["repair"] = {"crews": 1, "horizon": "10 h"}
    results = play(tmp_path, fields, 3_000)
    down = is_fate(results, "leaked_hit")
    end_s = column(results, "end_s")
    hours = 10.0 + (end_s.max(axis=1, keepdims=True) - end_s) / 3_600.0  # the horizon counts from the end of the raid
    assert results.counts.service_lost[:, 0] == pytest.approx((100.0 * hours * down).sum(axis=1))
    has_share(down, 0.5, error=0.005)


def five_towns() -> Fields:
    towns = [{"id": f"t{i}", "kind": "frail", "position": place(72 * i, 30)} for i in range(5)]
    repair = {"id": "slow", "name": "slow", "mean": figure(40, "year"), "spread": figure(0.1, "fraction"),
              "spare_lead": figure(1, "h"), "spare_cost": figure(1, "USD"),
              "crew_cost": figure(1, "USD/year")}  # fmt: skip
    return scenario(
        [raid(1, f"r{i}", aim=[f"t{i}"], type="inexact") for i in range(5)],
        fire_units=[NOBODY],
        assets=[{"id": "town", "kind": "lab-town", "position": CENTRE}, *towns],
        catalogue={
            "threats": [threat("inexact", circular_error=1_000.0)],
            "assets": [town(), town(1e-3) | {"id": "frail", "hardness": figure(0.001, "kg")}],
            "repairs": [repair],
        },
    ) | {"parts": [{"of": f"t{i}", "capacity": 100, "repair": "slow"} for i in range(5)]}


def state(name: str, **changes: float) -> Fields:
    given = {"crew": 1.0, "sensors": 1.0, "ready": 0.0, "raise": 0.0, "factor": 1.0} | changes
    return {
        "id": name,
        "name": name,
        "crew_present": figure(given["crew"], "fraction"),
        "sensors_on": figure(given["sensors"], "fraction"),
        "ready": figure(given["ready"], "min"),
        "raise_time": figure(given["raise"], "h"),
        "scramble": figure(5, "min"),
        "delay_factor": figure(given["factor"], "fraction") | {"high": 9.0},
        "cost_share": figure(0.01, "fraction"),
    }


def watcher(seen: float, lead_h: float) -> Fields:
    return {
        "id": "watcher",
        "name": "watcher",
        "seen": {"drone": figure(seen, "fraction")},
        "lead": figure(lead_h, "h"),
        "false_alarms": figure(4, "count/year"),
        "hold": figure(24, "h"),
        "cost": figure(1, "USD/year"),
    }


@case(READY, "noticed with p, lead exponential: raised in a share p exp(-raise/lead); crews then c1, else c0")
def test_intelligence_raises_the_state(tmp_path: Path) -> None:
    fields = scenario(
        [raid(3)],
        readiness={"state": "calm", "raised": "awake", "intelligence": "watcher"},
        catalogue={
            "readiness_states": [state("calm", crew=0.3), state("awake", crew=0.9, **{"raise": 6})],
            "intelligence_sources": [watcher(0.7, 10.0)],
        },
    )
    results = play(tmp_path, fields, 6_000, threads=2)
    raised = column(results, "raised", "alarms")[:, 0].astype(bool)
    lead = column(results, "lead_s", "alarms")[:, 0]
    has_share(~np.isnan(lead), 0.7, error=0.006)
    has_share(raised, 0.7 * math.exp(-0.6), error=0.007)
    at_work = column(results, "fired", "weapons")[:, 0] > 0
    has_share(at_work[raised], 0.9, error=0.007)
    has_share(at_work[~raised], 0.3, error=0.009)
    assert results.to_json()["readiness"]["alarm_is_true"] == pytest.approx(0.7 / 4.7)


@case(READY, "a share e first taken for something else waits for another look of mean t: mean order delay e t")
def test_misidentified(tmp_path: Path) -> None:
    drill = {"id": "drill", "name": "drill", "delay_factor": figure(2, "fraction") | {"high": 4.0},
             "misidentified": figure(0.25, "fraction"), "recheck": figure(40, "s"),
             "cost_share": figure(0, "fraction")}  # fmt: skip
    fields = scenario(
        [raid(5)],
        command={"identification": "0 s", "command": "15 s", "delay": "constant"},
        readiness={"state": "calm", "exercises": "drill"},
        catalogue={"readiness_states": [state("calm", factor=1.5)], "exercise_programmes": [drill]},
    )
    results = play(tmp_path, fields, 3_000)
    delay = (column(results, "engageable_s") - column(results, "first_track_s")).ravel()
    has_share(delay > 45.0 + 1e-6, 0.25, error=0.004)
    has_mean(delay - 45.0, 0.25 * 40.0, error=0.25)


@case(READY, "the state sets when units are ready: orders none before, by hand")
def test_ready_only_after_the_state_allows(tmp_path: Path) -> None:
    fields = scenario(
        [raid(2)], readiness={"state": "calm"}, catalogue={"readiness_states": [state("calm", ready=15.0)]}
    )
    orders = moments(play(tmp_path, fields, 50, events=True), "fired")
    assert orders.min() == pytest.approx(15 * 60.0)


@case(READY, "a cap leaves so many, in proportion; a reduction s takes a share of the launches", "largest remainder")
def test_agreed_limit_and_stated_reduction(tmp_path: Path) -> None:
    fields = undefended(1)
    fields["raids"] = [raid(7, "a"), raid(5, "b"), raid(4, "c", type="other")]
    fields["agreements"] = [{"id": "pact", "types": ["drone"], "cap": 5}]
    fields["launch_reductions"] = [{"kind": "strikes", "types": ["other"]}]
    fields["catalogue"]["threats"] = [threat(), threat("other", "cruise")]
    fields["catalogue"]["diplomacy"] = [
        {
            "id": "strikes",
            "name": "strikes",
            "launch_reduction": figure(0.25, "fraction"),
            "unit_cost": figure(1, "USD"),
        }
    ]
    results = play(tmp_path, fields, 3_000)
    assert [name.split("/")[0] for name in results.roster.threat] == ["a"] * 3 + ["b"] * 2 + ["c"] * 4
    has_share(is_fate(results, "aborted")[:, 5:], 0.25, error=0.005)
    assert not is_fate(results, "aborted")[:, :5].any()
