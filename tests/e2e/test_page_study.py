"""The page asks what if: two runs side by side, a changed laydown played again, an exercise with its review."""

from __future__ import annotations

import json
import re

import pytest
import requests


def job_of(served) -> dict:
    last = requests.get(f"{served.address}api/jobs", timeout=60).json()["jobs"][-1]["id"]
    return requests.get(f"{served.address}api/jobs/{last}", timeout=60).json()


def test_two_runs_side_by_side_on_the_same_luck(served, open_page):
    page = open_page(served.address)
    page.click("#tab-compare")
    page.select_option("#compare-with", "alliance")
    page.wait_for_selector("#verdict")
    found = requests.get(
        f"{served.address}api/compare", params={"base": "night", "other": "alliance"}, timeout=60
    ).json()
    row = page.locator(".differences").first.locator("tbody tr").first.locator("td").all_inner_texts()
    assert row[:2] == [
        f"{found['quantities']['leaked'][run]['mean']:.1f}".removesuffix(".0") for run in ("base", "other")
    ]
    page.click("#show-beside")
    page.wait_for_selector('[data-map="1"] canvas')
    page.locator("#scrub").press("End")
    launched = page.locator('[data-count="launched"] b').all_inner_texts()
    assert launched == ["499", "499"]
    first, second = page.evaluate(
        "window.__shieldwall.scenes.map((scene) => [scene.map.getZoom(), scene.map.getCenter().lng])"
    )
    assert first == pytest.approx(second)
    page.click("#one-map")
    page.wait_for_selector('[data-map="1"]', state="detached")


def test_drag_a_battery_change_counts_play_again_and_save_the_difference(served, open_page):
    page = open_page(served.address)
    page.click("#tab-change")
    page.select_option("#change-unit", "patriot-odesa")
    grip = page.locator(".grip").bounding_box()
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(grip["x"] + 80, grip["y"] - 30, steps=4)
    page.mouse.up()
    page.locator("#changes li", has_text="fire_units.patriot-odesa.position").wait_for()
    page.fill('[data-path="fire_units.patriot-odesa.magazine.pac-3-mse"]', "32")
    page.keyboard.press("Tab")
    page.get_by_text("Doctrine", exact=True).click()
    page.select_option('[data-path="integration"]', "alliance")
    assert page.locator("#changes li").count() == 3
    with page.expect_download() as download:
        page.click("#save-diff")
    diff = download.value.path().read_text()
    assert re.search(r"^-.*patriot-odesa", diff, re.MULTILINE)
    assert re.search(r"^\+.*patriot-odesa.*32", diff, re.MULTILINE)
    page.click("#play-again")
    page.wait_for_selector("#verdict")
    job = job_of(served)
    assert job["state"] == "done"
    changed = requests.get(f"{served.address}api/runs/{job['run']}", timeout=60).json()
    unit = next(one for one in changed["units"] if one["entry"] == "patriot-odesa")
    base = requests.get(f"{served.address}api/runs/night", timeout=60).json()
    was = next(one for one in base["units"] if one["entry"] == "patriot-odesa")
    assert unit["lon"] > was["lon"]
    assert unit["lat"] > was["lat"]
    assert changed["command"]["integration"] == "alliance"
    mean = job["comparison"]["quantities"]["leaked"]["difference"]["mean"]
    said = page.inner_text("#verdict")
    low, high = job["comparison"]["quantities"]["leaked"]["difference"]["ci90"]
    if low <= 0 <= high:
        assert said == "No difference in what gets through"
    else:
        digits = 2 if abs(mean) < 1 else 1
        assert float(said.split()[0]) == pytest.approx(abs(mean), abs=0.6 * 10**-digits)


def test_a_job_can_be_cancelled(served, open_page):
    page = open_page(served.address)
    page.click("#tab-change")
    page.select_option("#change-unit", "patriot-odesa")
    page.fill('[data-path="fire_units.patriot-odesa.count"]', "2")
    page.keyboard.press("Tab")
    page.route("**/api/jobs/*", lambda route: route.continue_())
    page.click("#play-again")
    page.locator("#cancel-job, #verdict").first.wait_for()
    if page.locator("#cancel-job").count():
        page.click("#cancel-job", timeout=5_000)
        page.locator(".job, #verdict, .panel-body >> text=Cancelled.").first.wait_for()
    assert job_of(served)["state"] in ("cancelled", "done")


def test_an_exercise_and_its_review(served, open_page):
    page = open_page(served.address)
    page.click("#tab-exercise")
    page.fill(".panel input[type=number]", "3")
    page.keyboard.press("Tab")
    page.click("#begin-exercise")
    page.click('[data-control="drone-hold"]')
    page.locator('[data-reserve="amraam"]').click()
    page.locator("#log time", has_text=re.compile(r"\d\d:")).nth(1).wait_for()
    log = page.locator("#log li").all_inner_texts()
    assert "drones: weapons hold" in log[0]
    assert "released the reserve of AIM-120 AMRAAM" in log[1]
    page.click("#to-the-end")
    page.wait_for_selector("#review")
    through = page.locator("#review tr.key td").all_inner_texts()
    raid = requests.get(f"{served.address}api/runs/night/replays/3", timeout=60).json()
    fates = requests.get(f"{served.address}api/runs/night", timeout=60).json()["fates"]
    automatic = sum(fates[fate].startswith("leaked") for fate in raid["threats"]["fate"])
    assert int(through[1]) == automatic, json.dumps(through)
    assert int(through[0]) > automatic  # drones were not fought
    page.click("#replay-both")
    page.wait_for_selector('[data-map="1"] canvas')
    page.locator("#scrub").press("End")
    assert page.locator('[data-count="through"] b').all_inner_texts() == through
    page.click("#end-exercise")
    page.wait_for_selector("#begin-exercise")
