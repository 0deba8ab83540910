"""Results: the summary's figures against counting by hand (SQL), the JSON form, the printed answer."""

from __future__ import annotations

import dataclasses
import io
import json
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import shieldwall
from shieldwall.cli.answer import print_answer
from shieldwall.cli.compare import print_comparison
from shieldwall.core.errors import InputError
from shieldwall.results.answer import reported
from shieldwall.results.results import Recorder, Results
from shieldwall.results.row import Cause, Fate
from shieldwall.study.compare import compare
from shieldwall.study.variants import variants


def play(stand_in, folder: Path | None = None, replications: int = 70) -> Results:
    recorder = Recorder(stand_in.manifest(replications, events=True), stand_in.ROSTER, folder)
    for first, size in recorder.missing:
        recorder.add(stand_in.block(first, size, events=True))
    return recorder.finish(1.0, 2)


@pytest.fixture(scope="module")
def results(stand_in) -> Results:
    return play(stand_in)


def test_fates_add_up_to_what_was_launched(results):
    for spreads in (*results.summary().types.values(), results.summary().total):
        whole = sum(spreads[fate.name.lower()].mean for fate in Fate)
        assert whole == pytest.approx(spreads["launched"].mean)
    assert results.summary().total["launched"].mean == 6


@pytest.mark.parametrize("in_folder", [False, True])
def test_summary_agrees_with_sql_over_the_rows(stand_in, tmp_path, in_folder):
    results = play(stand_in, tmp_path / "r" if in_folder else None)
    by_sql = results.query(
        "select type, avg(n) mean, stddev_samp(n) / sqrt(count(*)) se, quantile_cont(n, 0.05) low, "
        "quantile_cont(n, 0.95) high from (select replication, type, count(*) filter (fate like 'leaked%') n "
        "from rows group by all) group by type"
    ).to_pylist()
    assert len(by_sql) == 2
    for line in by_sql:
        leaked = results.summary().types[line["type"]]["leaked"]
        assert (leaked.mean, leaked.se, *leaked.ci90) == pytest.approx(
            (line["mean"], line["se"], line["low"], line["high"])
        )


def test_causes_agree_with_sql(results):
    by_sql = results.query(
        "select cause, count(*) / 70.0 n from rows where cause is not null group by cause"
    ).to_pylist()
    assert {line["cause"]: float(line["n"]) for line in by_sql} == pytest.approx(results.summary().causes)
    assert sum(results.summary().causes.values()) == pytest.approx(results.summary().total["leaked"].mean)


def test_rounds_and_money_agree_with_sql(results):
    by_sql = results.query("select effector, sum(fired) / 70.0 n from weapons group by effector").to_pylist()
    fired = {line["effector"]: float(line["n"]) for line in by_sql}
    summary = results.summary()
    assert fired == pytest.approx({name: rounds.fired.mean for name, rounds in summary.rounds.items()})
    spent = fired["35-mm"] * 1e3 + fired["pac-2"] * 2e6 + fired["pac-3"] * 4e6
    assert summary.cost.rounds_fired.mean == pytest.approx(spent)
    decoys = results.query("select count(*) / 70.0 n from rows where decoy and type = 'shahed-136'").to_pylist()
    assert 0 < decoys[0]["n"] < 4
    assert summary.cost.raid.mean == pytest.approx(4 * 5e4 + 2 * 2e6 - float(decoys[0]["n"]) * 4e4)
    assert sum(summary.cost.by_type.values()) == pytest.approx(summary.cost.raid.mean)
    assert summary.cost.at_stake == 150


def test_what_ran_out_first_agrees_with_sql(results):
    by_sql = results.query(
        "select effector, count(*) / 70.0 share, avg(empty_s) mean_s from "
        "(select *, row_number() over (partition by replication order by empty_s, weapon) place from weapons "
        "where empty_s is not null) where place = 1 group by effector"
    ).to_pylist()
    found = results.summary().first_dry
    assert {line["effector"] for line in by_sql} == set(found)
    for line in by_sql:
        dry = found[line["effector"]]
        assert (dry.share, dry.mean_s) == pytest.approx((float(line["share"]), line["mean_s"]))
    assert sum(dry.share for dry in found.values()) + results.summary().never_dry == pytest.approx(1)


def test_unavailable_from_the_start_is_not_lost(results):
    lost = results.query(
        "select count(distinct replication) / 70.0 n from losses where lost = 'patriot' and not unavailable"
    ).to_pylist()[0]["n"]
    assert results.summary().targets["patriot"].lost_share == pytest.approx(float(lost))
    unavailable = results.query("select count(*) n, count(lost_s) dated from losses where unavailable").to_pylist()[0]
    assert unavailable["n"] > 0
    assert unavailable["dated"] == 0


def test_never_is_null_in_tables(results):
    line = results.query(
        "select count(*) n from rows where first_track_s is null and first_sensor is null"
    ).to_pylist()[0]
    assert line["n"] > 0
    assert results.query("select count(*) n from rows where isnan(first_track_s)").to_pylist() == [{"n": 0}]
    assert results.to_arrow().num_rows == 70 * 6
    assert results.to_arrow("events").num_rows == 70 * 5


def test_bad_questions_are_the_askers_mistake(results):
    with pytest.raises(InputError, match=r"SQL: .*nonsense"):
        results.query("select nonsense from rows")
    with pytest.raises(InputError, match="no table 'row'; use one of: rows, weapons"):
        results.to_arrow("row")


def test_json_has_the_promised_form(results):
    answer = json.loads(json.dumps(results.to_json(), allow_nan=False))
    assert answer["shieldwall"] == shieldwall.__version__
    assert (answer["scenario"], answer["seed"], answer["replications"]) == ("stand-in", 1, 70)
    assert {"run", "catalogue_hash", "scenario_hash", "overrides"} <= set(answer["manifest"])
    fates = {"launched", "failed", "suppressed", "shot_down", "leaked_hit", "leaked_missed", "aborted", "leaked_ci90"}
    for threat in (*answer["threats"].values(), answer["total"]):
        assert fates <= set(threat)
        assert len(threat["leaked_ci90"]) == 2
    assert set(answer["leak_causes"]) == {
        "never_detected", "detected_too_late", "no_shooter_in_reach", "channels_saturated", "magazine_empty",
        "command_delay", "shots_missed", "held_by_rules",
    }  # fmt: skip
    assert {"fired", "left"} <= set(answer["rounds"]["pac-3"])
    assert {"defence", "raid", "value", "exchange"} <= set(answer["cost"])
    assert set(answer["assets"]) == {"city", "plant"}
    assert (answer["casualties"], answer["service_lost"]) == ({}, {})
    assert answer["reported"]["shahed-136"]["launched"] == {"reported": 4, "simulated": 4.0, "residual": 0.0}


def test_json_of_one_replication_has_null_for_what_has_no_value(stand_in):
    answer = play(stand_in, replications=1).to_json()
    assert answer["total"]["leaked_se"] is None
    json.dumps(answer, allow_nan=False)


def test_a_defence_without_weapons_is_summed_up(stand_in):
    roster = dataclasses.replace(
        stand_in.ROSTER, weapon=(), effector=(), fire_unit=(), target=("city", "plant"), sensor=("a", "b")
    )
    recorder = Recorder(stand_in.manifest(8), roster)
    block = stand_in.block(0, 8)
    empty = np.zeros((8, 0))
    recorder.add(
        dataclasses.replace(
            block,
            fired=empty.astype(np.int64), left=empty.astype(np.int64), lost=empty.astype(np.int64), empty_s=empty,
            weapon=np.full(block.weapon.shape, -1), unit_lost_s=empty, remaining=block.remaining[:, :2],
        )
    )  # fmt: skip
    results = recorder.finish(0.0, 1)
    assert results.summary().never_dry == 1
    assert results.summary().cost.defence.mean == 0
    assert "Nothing ran out" in _printed(results, 80)


def test_compare_pairs_replications(stand_in):
    base = play(stand_in)
    fates = base.counts.fates.copy()
    spared = fates[:, :, Fate.LEAKED_HIT].copy()
    fates[:, :, Fate.LEAKED_HIT] = 0
    fates[:, :, Fate.SHOT_DOWN] += spared
    better = dataclasses.replace(base, counts=base.counts._replace(fates=fates))
    comparison = compare([("now", base), ("then", better)])
    gaps = comparison.changed[0].differences
    assert gaps["leaked"].mean == pytest.approx(-spared.sum() / 70)
    assert gaps["leaked"].mean == pytest.approx(gaps["leaked/kh-101"].mean + gaps["leaked/shahed-136"].mean)
    assert gaps["shot_down"].mean == pytest.approx(-gaps["leaked"].mean)
    assert gaps["cost/raid"].mean == 0
    assert gaps["leaked"].low < gaps["leaked"].mean < gaps["leaked"].high
    assert gaps["cost/raid"].variance_reduction == math.inf
    said = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    assert said["differences"]["then"]["leaked"]["mean"] == pytest.approx(gaps["leaked"].mean)
    assert list(said["runs"]) == ["now", "then"]


def test_compare_refuses_what_cannot_be_paired(stand_in):
    one = play(stand_in)
    other = dataclasses.replace(one, manifest=stand_in.manifest(70, events=True, seed=2))
    with pytest.raises(InputError, match="'b' has seed 2, the base 1; play both with the same"):
        compare([("a", one), ("b", other)])
    with pytest.raises(InputError, match="needs two runs or more"):
        compare([("a", one)])
    with pytest.raises(InputError, match="two of the runs are called 'a'"):
        compare([("a", one), ("a", one)])


def test_variants_are_every_combination_the_first_values_first():
    assert variants(["scale.defence=1,4", "integration=sector"]) == (
        ("scale.defence=1", "integration=sector"),
        ("scale.defence=4", "integration=sector"),
    )
    assert variants(["a=[1,2],'x,y',{b: 1, c: 2}"]) == (("a=[1,2]",), ("a='x,y'",), ("a={b: 1, c: 2}",))
    assert variants([]) == ((),)
    with pytest.raises(InputError, match="--set 'a' is not PATH=VALUE"):
        variants(["a"])
    with pytest.raises(InputError, match="--set 'a=1,,2'"):
        variants(["a=1,,2"])


def _printed(results: Results, width: int) -> str:
    stream = io.StringIO()
    print_answer(results, Console(file=stream, width=width, highlight=False, emoji=False, markup=False))
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 100])
def test_the_printed_answer_fits_and_is_plain(results, width):
    text = _printed(results, width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text
    for part in ("reported", "residual", "What ran out first: pac-2", "Why leakers leaked", "raid, USD", "Assets hit"):
        assert part in text
    assert "reported: a made-up bulletin" in text
    assert "changed: effectors.pac-3.kill_probability.cruise = 0.8" in text


def test_the_printed_comparison_fits(results):
    stream = io.StringIO()
    print_comparison(compare([("now", results), ("then", results)]), Console(file=stream, width=80, highlight=False))
    assert max(len(line) for line in stream.getvalue().splitlines()) <= 80
    assert "then less now" in stream.getvalue()


def test_causes_have_words():
    from shieldwall.results.trace import CAUSE_WORDS, FATE_WORDS

    assert set(CAUSE_WORDS) == {cause.name.lower() for cause in Cause if cause is not Cause.NONE}
    assert set(FATE_WORDS) == {fate.name.lower() for fate in Fate}


def test_public_names():
    assert set(shieldwall.__all__) == {"Results", "__version__", "load", "plot", "simulate"}
    assert shieldwall.Results is Results
    with pytest.raises(AttributeError, match="public names: Results"):
        _ = shieldwall.nothing
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text())["project"]
    assert project["version"] == shieldwall.__version__


def test_what_a_report_counts_as_suppressed_includes_what_failed(results):
    summary = results.summary()
    manifest = dataclasses.replace(results.manifest, reported={"shahed-136": {"suppressed": 1, "leaked": 0}})
    both = summary.types["shahed-136"]["suppressed"].mean + summary.types["shahed-136"]["failed"].mean
    assert reported(summary, manifest)["shahed-136"]["suppressed"]["simulated"] == pytest.approx(both)
    apart = dataclasses.replace(manifest, reported={"shahed-136": {"suppressed": 1, "failed": 1}})
    alone = summary.types["shahed-136"]["suppressed"].mean
    assert reported(summary, apart)["shahed-136"]["suppressed"]["simulated"] == pytest.approx(alone)
