"""Wrong campaigns: each mistake is told where it stands, with a cure."""

from __future__ import annotations

from pathlib import Path

import pytest

import shieldwall
from shieldwall.core.errors import InputError

HEAD = """shieldwall: 1
name: wrong
time_zone: UTC
start: 2030-01-15 20:00
assets: [{id: town, kind: town, position: [50.0, 30.0]}]
fire_units: [{id: a-hawk, type: hawk-battery, position: town, sector: a}]
raids: [{id: cruise, type: kh-101, count: 40, from: [[51.5, 32.0]], aim: [town], arrive: "02:00"}]
campaign:
"""
GOOD = {
    "nights": "nights: 9",
    "mixes": "mixes: [{id: raid, raids: {cruise: 4}}]",
    "schedule": "schedule: [{mix: raid, from: 1}]",
}


def mistakes(folder: Path, **changed: str) -> list[str]:
    """Return what is said of a campaign with some lines changed, as LINE:COLUMN: TEXT."""
    lines = {**GOOD, **changed}
    file = folder / "scenario.yaml"
    file.write_text(HEAD + "".join(f"  {text}\n" for text in lines.values() if text), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        shieldwall.load(file)
    return [f"{m.line}:{m.column}: {m.what}; {m.cure}" for m in caught.value.mistakes]


LINE = "lines: [{id: line, makes: hawk, rate: 10 count/year}]"
CASES = [
    ({"lines": LINE, "orders": "orders: [{id: o, nation: a, line: line, count: 3, placed: 5, delivery: 2}]"},
     "13:77: campaign.orders.o.delivery: delivered on night 2, before it is placed on night 5; "
     "order earlier, or deliver later"),
    ({"stocks": "stocks: {depots: {a: {hawk: -4}}}"},
     "12:30: campaign.stocks.depots.a.hawk: -4 is less than 0; write a whole number, 0 or more"),
    ({"stocks": "stocks: {depots: {a: {hawx: 4}}}"},
     "12:30: campaign.stocks.depots.a.hawx: there is no effector among those of the fire units 'hawx'; "
     "did you mean 'hawk'?"),
    ({"stocks": "stocks: {depots: {b: {hawk: 4}}}"},
     "12:23: campaign.stocks.depots.b: there is no sector with fire units 'b'; use one of: a"),
    ({"lines": LINE.replace("hawk,", "hawkk,")},
     "12:28: campaign.lines.line.makes: there is no effector or fire unit of the scenario 'hawkk'; "
     "did you mean 'hawk'?"),
    ({"lines": LINE.replace("}]", ", rate_after: 20 count/year}]")},
     "12:67: campaign.lines.line.rate_after: the output changes, but the ramp has no length; add ramp: 180 days"),
    ({"lines": LINE, "orders": "orders: [{id: o, nation: a, line: lime}]"},
     "13:37: campaign.orders.o.line: there is no line 'lime'; did you mean 'line'?"),
    ({"lines": LINE, "reorders": "reorders: [{id: o, nation: a, line: line, below: 9, up_to: 9}]"},
     "13:62: campaign.reorders.o.up_to: orders up to 9 when 9 are left; write a number above the one under below"),
    ({"mixes": "mixes: [{id: raid, raids: {cruise: 41}}]"},
     "10:38: campaign.mixes.raid.raids.cruise: 41 threats; the raid 'cruise' has 40; "
     "raise the raid's count: it is the most that may fly in one night"),
    ({"mixes": "mixes: [{id: raid, raids: {crews: 4}}]"},
     "10:37: campaign.mixes.raid.raids.crews: there is no raid 'crews'; did you mean 'cruise'?"),
    ({"mixes": "mixes: [{id: raid, raids: {cruise: [5, 4]}}]"},
     "10:38: campaign.mixes.raid.raids.cruise: the range 5 to 4 is empty; write the smaller number first"),
    ({"schedule": "schedule: [{mix: rain, from: 1}]"},
     "11:20: campaign.schedule.0.mix: there is no mix 'rain'; did you mean 'raid'?"),
    ({"schedule": "schedule: [{mix: raid, from: 12}]"},
     "11:32: campaign.schedule.0.from: from night 12 to night 9 there is none; write the earlier night first"),
    ({"schedule": ""},
     "9:3: campaign: neither schedule nor process is given; "
     "give one of them, as schedule: [{mix: ID, from: 1, every: 7}]"),
    ({"process": "process: {chance: 50 %, weights: {raid: 0}}", "schedule": ""},
     "11:27: campaign.process.weights: all weights are 0; give one mix a weight above 0"),
    ({"bogus": "bogus: 3"}, "12:3: campaign: unknown key 'bogus'; use one of: adversary, lines, mixes, nights, orders, "
     "process, reorders, repair, runs_out_below, schedule, stocks"),
    ({"nights": "nights: 0"}, "9:11: campaign.nights: 0 is less than 1; write a whole number, 1 or more"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "said"), CASES)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    found = mistakes(tmp_path, **changed)
    place, _, text = said.partition(": ")
    assert [entry.partition(": ")[2] for entry in found] == [text]
    assert found[0].partition(":")[0] == place.partition(":")[0]


def test_a_threat_without_a_public_estimate_needs_the_users_own(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    text = HEAD.replace("kh-101", "yars") + "".join(f"  {line}\n" for line in GOOD.values())
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        shieldwall.load(file)
    assert [m.what for m in caught.value.mistakes] == [
        "campaign.adversary: the catalogue has no estimate of an adversary's production of yars",
        "campaign.adversary: the catalogue has no estimate of an adversary's stock of yars",
    ]
    own = "  adversary: {stock: {yars: 10}, production: {yars: 1 count/year}}\n"
    file.write_text(text + own, encoding="utf-8")
    assert shieldwall.load(file).campaign is not None


def test_a_scenario_without_a_campaign_keeps_its_hash_and_one_with_it_does_not(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(HEAD.removesuffix("campaign:\n"), encoding="utf-8")
    plain = shieldwall.load(file)
    assert plain.campaign is None
    file.write_text(HEAD + "".join(f"  {line}\n" for line in GOOD.values()), encoding="utf-8")
    assert shieldwall.load(file).hash != plain.hash
    assert shieldwall.load("fourfold").campaign is None


def test_lead_times_and_output_come_from_the_catalogue(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    more = "  lines: [{id: line, makes: hawk-battery}]\n  orders: [{id: o, nation: a, line: line, count: 1}]\n"
    file.write_text(HEAD + "".join(f"  {line}\n" for line in GOOD.values()) + more, encoding="utf-8")
    plan = shieldwall.load(file).campaign
    assert plan is not None
    terms = shieldwall.load.__globals__["load_catalogue"]().procurement["terms"].terms["hawk-battery"]
    assert terms.lead_time is not None
    assert terms.production is not None
    assert plan.orders[0].lead_days == -(-terms.lead_time.si // 86_400)
    assert plan.lines[0].rate_a_day == pytest.approx(terms.production.si / 365.25)
