"""The report: figures drawn from the counts, a page that asks for nothing, words that follow the numbers."""

from __future__ import annotations

import dataclasses
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="the extra 'report' is not installed")

import shieldwall
from shieldwall import plot
from shieldwall.core.errors import InputError
from shieldwall.report.beside import beside
from shieldwall.report.ignorance import read_study
from shieldwall.report.outlines import outlines, within
from shieldwall.report.page import page
from shieldwall.report.report import report
from shieldwall.report.theatre import theatre
from shieldwall.report.words import summary_words
from shieldwall.results.results import Results
from shieldwall.results.tally import leakers
from shieldwall.study.scenario_of_run import Played, scenario_of_run


@pytest.fixture(scope="module")
def results() -> Results:
    return shieldwall.simulate(shieldwall.load("one-battery"), 200, 3, threads=1, events=True)


@pytest.fixture(scope="module")
def played(results: Results) -> Played:
    return scenario_of_run(results.manifest)


@pytest.fixture(scope="module")
def text(results: Results, played: Played) -> str:
    return page(report(results, played))


class Reader(HTMLParser):
    """Collects what a browser would fetch, run and name."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name.startswith("on"):
                self.handlers.append(name)
            inside = (value or "").startswith("#")
            if name in ("src", "srcset", "data", "poster", "xlink:href") or (name == "href" and tag != "a"):
                self.fetched += [] if inside else [f"{tag} {name}={value}"]


def test_page_fetches_nothing_and_runs_nothing(text):
    reader = Reader()
    reader.feed(text)
    assert reader.fetched == []
    assert reader.handlers == []
    assert {"script", "link", "iframe", "img", "object"} & set(reader.tags) == set()
    assert "@import" not in text
    assert all(address.startswith("#") for address in re.findall(r"url\(([^)]*)\)", text))
    assert "default-src 'none'" in text
    assert max(Counter(reader.ids).values()) == 1


def test_every_figure_is_well_formed_and_says_what_it_is(text):
    drawn = re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL)
    assert len(drawn) == 6
    for one in drawn:
        root = ET.fromstring(one)
        assert root.get("role") == "img"
        assert len(root.get("aria-label")) > 10
        assert root.get("width") is None
        assert "#1b2027" not in one.lower()  # words follow the page's colours, light or dark


def test_report_of_the_same_run_is_the_same_to_the_byte(text, results, played):
    assert page(report(results, played)) == text


def test_page_holds_every_part_that_was_promised(text):
    for title in (
        "In short", "Beside what was reported", "How many got through", "How each type ended", "Why some got through",
        "What ran out", "Where", "How sure: chance", "How sure: ignorance", "Not modelled", "How to reproduce this",
        "Manifest", "Assumed figures", "Sources",
    ):  # fmt: skip
        assert f"<h2>{title}</h2>" in text, title
    assert "shieldwall run one-battery -n 200 --seed 3 --events" in text
    assert "effectors.lab-missile.kill_probability.drone" in text
    assert "0.5 to 0.9" in text  # its range


def test_what_a_user_writes_is_not_markup(results, played):
    evil = "<script>alert(1)</script> & `x` \\ # $ \" '"
    changed = dataclasses.replace(results, manifest=dataclasses.replace(results.manifest, title=evil, notes=(evil,)))
    text = page(report(changed, played))
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 3


def test_page_without_scenario_says_that_there_is_no_map(results):
    text = page(report(results))
    assert "No map" in text
    assert len(re.findall("<svg", text)) == 5


def test_leakers_figure_shows_the_counts(results):
    counts = leakers(results.counts.fates.sum(axis=1))
    bars = plot.leakers(results).axes[0].patches
    heights = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in bars}
    expected = {value: 100 * n / counts.size for value, n in Counter(counts.tolist()).items()}
    assert {k: v for k, v in heights.items() if v > 0} == pytest.approx(expected)


def test_fates_fill_each_bar(results):
    bars = plot.fates(results).axes[0].patches
    assert sum(bar.get_width() for bar in bars) == pytest.approx(100.0)


def test_rounds_end_at_what_is_left(results):
    line = plot.rounds(results).axes[0].lines[0].get_ydata()
    rounds = results.summary().rounds["lab-missile"]
    assert line[0] == 100.0
    assert np.all(np.diff(line) <= 0)
    assert line[-1] == pytest.approx(100 * rounds.left.mean / (rounds.left.mean + rounds.fired.mean))


def test_rounds_need_events():
    quiet = shieldwall.simulate(shieldwall.load("one-battery"), 5, threads=1)
    with pytest.raises(InputError, match="--events"):
        plot.rounds(quiet)
    assert "run with --events" in page(report(quiet))


def test_figures_show_themselves_in_a_notebook(results):
    assert plot.leakers(results)._repr_svg_().startswith("<svg")


def test_raid_without_leakers_is_drawn_and_worded():
    scenario = shieldwall.load("one-battery", overrides=["overrides.effectors.lab-missile.kill_probability.drone=1"])
    calm = shieldwall.simulate(scenario, 20, threads=1)
    text = page(report(calm))
    assert "that does not show that nothing can" in text
    assert "1 setting of the scenario" in text


def test_single_replication_is_reported_without_a_spread():
    one = shieldwall.simulate(shieldwall.load("one-battery"), 1, threads=1)
    text = page(report(one))
    assert "Too few raids" in text
    assert "nan" not in text.lower().replace("finance", "")


def test_words_follow_the_numbers(results):
    summary = results.summary()
    said = " ".join(summary_words(summary, results.manifest, []))
    assert f"Of 10 threats launched, {summary.total['leaked'].mean:.1f}" in said
    assert "200 times" in said
    assert "assumed, not measured" in said


def test_reported_figures_stand_beside_the_raids(results):
    reported = {"lab-drone": {"launched": 10, "shot_down": 9, "suppressed": 1, "leaked": 9}}
    changed = dataclasses.replace(results, manifest=dataclasses.replace(results.manifest, reported=reported))
    found = {one.figure: one for one in beside(changed)}
    assert set(found) == {"shot_down", "suppressed", "leaked"}
    assert found["suppressed"].with_failed
    assert found["shot_down"].is_inside
    assert not found["leaked"].is_inside
    said = " ".join(summary_words(changed.summary(), changed.manifest, beside(changed)))
    assert "Of 3 figures" in said
    assert "lab-drone got through, 9 reported" in said


def study_file(folder: Path, **changes: object) -> Path:
    split = {
        "mean": 2.0, "chance": {"value": 2.6}, "ignorance": {"value": 1.1}, "share": {"value": 0.15},
        "band_ignorance": [0.8, 4.3], "band_all": [0.0, 8.0],
    }  # fmt: skip
    whole = {
        "scenario": "one-battery", "settings": [], "points": 32, "replications": 64, "distribution": "triangular",
        "linked": False, "figures": [{}] * 68, "outputs": {"leaked": split},
        "tornado": {"ends": {"leaked": {"rounds": {"bad": 7.2, "good": 1.0}}}},
    }  # fmt: skip
    path = folder / "uncertainty.json"
    path.write_text(json.dumps(whole | changes), encoding="utf-8")
    return path


def test_study_of_ignorance_goes_into_the_report(tmp_path, results):
    text = page(report(results, None, read_study(study_file(tmp_path), results.manifest)))
    assert "32 sets of 68 figures" in text
    assert "between 0 and 8 got through in nine cases of ten" in text
    assert "15.0 %" in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"scenario": "other"}, "is of scenario other"),
        ({"settings": ["a=b"]}, "other settings"),
        ({"outputs": 3}, "holds no such study"),
    ],
)
def test_study_of_something_else_is_refused(tmp_path, results, changes, says):
    with pytest.raises(InputError, match=says):
        read_study(study_file(tmp_path, **changes), results.manifest)


def test_scenario_of_another_run_is_refused(results):
    other = dataclasses.replace(results.manifest, scenario_hash="0" * 64)
    with pytest.raises(InputError, match="is not the scenario of the run"):
        scenario_of_run(other)


def test_settings_of_a_run_are_found_in_its_manifest():
    scenario = shieldwall.load("one-battery", overrides=["overrides.effectors.lab-missile.kill_probability.drone=0.6"])
    run = shieldwall.simulate(scenario, 2, threads=1)
    assert scenario_of_run(run.manifest).scenario.hash == scenario.hash


def test_outlines_know_the_coast_of_crimea_and_draw_no_border_across_it():
    known = outlines()
    peninsula = within(known.land, 33.4, 44.9, 33.7, 45.2)
    assert len(peninsula) == 1  # one ring of land: Eurasia
    isthmus = within(known.borders, 33.5, 46.0, 33.9, 46.2)
    assert not any(
        np.any((line[:, 0] > 33.3) & (line[:, 0] < 36.6) & (line[:, 1] > 45.1) & (line[:, 1] < 46.3))
        for line in isthmus
    )
    lviv = within(known.borders, 22.5, 49.0, 24.0, 51.0)  # the border of Poland and Ukraine runs here
    assert lviv
    assert "Natural Earth" in known.attribution


def test_outlines_follow_a_box_over_the_antimeridian():
    islands = within(outlines().land, 175.0, -20.0, 185.0, -15.0)  # Fiji lies on both sides of 180
    assert any(line[:, 0].max() > 180.0 for line in islands)


def test_map_names_places_and_frames_them(results, played):
    axes = theatre(results, played.scenario).axes[0]
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    assert west < 30.0 < east
    assert south < 50.0 < north
    assert "Town" in [words.get_text() for words in axes.texts]


def test_pdf_is_written(tmp_path, results, played):
    pytest.importorskip("typst", reason="typst is not installed")
    from shieldwall.report.pdf import write_pdf

    evil = dataclasses.replace(results.manifest, title='#panic("x") \\ " $ <a> *b* _c_')
    write_pdf(report(dataclasses.replace(results, manifest=evil), played), tmp_path / "r.pdf")
    written = (tmp_path / "r.pdf").read_bytes()
    assert written.startswith(b"%PDF-1.")
    assert len(written) > 20_000
