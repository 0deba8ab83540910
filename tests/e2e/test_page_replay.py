"""The page replays a raid: play, scrub, step, click, filter, choose; many raids; one file; keys and sizes."""

from __future__ import annotations

import json
import re

import pytest
import requests

from shieldwall.results.results import Results

NUMBERS = ("launched", "shot_down", "suppressed", "through")


def counts(page) -> dict[str, int]:
    return {name: int(page.inner_text(f'[data-count="{name}"] b').replace(",", "")) for name in NUMBERS}


def scrub_to(page, part: float) -> None:
    box = page.locator("#scrub").bounding_box()
    page.mouse.click(box["x"] + box["width"] * part, box["y"] + 10)


def ended(served, raid: int) -> dict[str, int]:
    """Count one raid of the run from its rows, as a communique counts."""
    rows = Results.open(served.folder / "runs" / "night").query(
        f"select fate, count(*) as n from rows where replication = {raid} group by fate"
    )
    by_fate = dict(zip(rows["fate"].to_pylist(), rows["n"].to_pylist(), strict=True))
    return {
        "launched": sum(by_fate.values()),
        "shot_down": by_fate.get("shot_down", 0),
        "suppressed": by_fate.get("suppressed", 0) + by_fate.get("failed", 0),
        "through": by_fate.get("leaked_hit", 0) + by_fate.get("leaked_missed", 0),
    }


def chosen(served) -> dict[str, int]:
    return requests.get(f"{served.address}api/runs/night", timeout=60).json()["across"]["chosen"]


def test_the_counts_at_the_end_are_those_of_the_rows(served, open_page):
    page = open_page(served.address)
    assert counts(page)["launched"] <= 1
    page.keyboard.press("End")
    assert counts(page) == ended(served, chosen(served)["median"])
    worst = chosen(served)["worst"]
    page.select_option("#raid", str(worst))
    page.wait_for_selector("#raid:not([disabled])")
    page.keyboard.press("Escape")
    page.locator("#scrub").press("End")
    assert counts(page) == ended(served, worst)


def test_play_scrub_step_and_speed(served, open_page):
    page = open_page(served.address)
    page.select_option("#speed", "600")
    start = page.inner_text("#clock")
    page.click("#play")
    page.wait_for_selector('#play[aria-label="Pause"]')
    page.locator('[data-count="launched"] b', has_text=re.compile(r"[1-9]\d")).wait_for()
    page.keyboard.press("Space") if page.evaluate("document.activeElement.tagName") == "BODY" else page.click("#play")
    page.wait_for_selector('#play[aria-label="Play"]')
    assert page.inner_text("#clock") != start
    scrub_to(page, 0.5)
    half = int(page.get_attribute("#scrub", "aria-valuenow"))
    low, high = (int(page.get_attribute("#scrub", f"aria-value{end}")) for end in ("min", "max"))
    assert half == pytest.approx((low + high) / 2, abs=(high - low) / 100)
    page.click("#next")
    after = int(page.get_attribute("#scrub", "aria-valuenow"))
    assert half <= after < half + 600
    page.keyboard.press("l")
    before = counts(page)["through"]
    page.keyboard.press("l")
    assert counts(page)["through"] == before + 1


def test_click_a_threat_and_read_its_ten_stops(served, open_page):
    page = open_page(served.address)
    scrub_to(page, 0.5)
    page.keyboard.press("]")
    page.wait_for_selector(".stops li >> nth=9")
    threat = page.get_attribute("[data-threat]", "data-threat")
    at = f"{served.address}api/runs/night/replays/{chosen(served)['median']}/stops"
    stops = requests.get(at, params={"threat": threat}, timeout=60).json()["stops"]
    assert page.locator(".stops h4").all_inner_texts() == [stop["title"] for stop in stops]
    assert page.locator(".stops p").all_inner_texts() == [line for stop in stops for line in stop["sentences"]]
    where = page.evaluate(
        """() => {
            const scene = window.__shieldwall.scenes[0]
            const box = scene.map.getContainer().getBoundingClientRect()
            const at = scene.screenOf({ kind: 'threat', index: scene.moving.heads.threat[0] })
            return [at.x + box.x, at.y + box.y]
        }"""
    )
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-threat]", state="detached")
    page.mouse.click(*where)
    page.wait_for_selector("[data-threat]")


def test_click_a_battery_and_see_its_magazine(served, open_page):
    page = open_page(served.address)
    run = requests.get(f"{served.address}api/runs/night", timeout=60).json()
    raid = requests.get(f"{served.address}api/runs/night/replays/{chosen(served)['median']}", timeout=60).json()
    weapon = next(
        w for w in raid["magazines"]["weapon"] if "patriot" in run["units"][run["weapons"][w]["unit"]]["type"]
    )
    unit = run["weapons"][weapon]["unit"]
    page.evaluate(
        "([lon, lat]) => window.__shieldwall.scenes[0].map.jumpTo({ center: [lon, lat], zoom: 10 })",
        [run["units"][unit]["lon"], run["units"][unit]["lat"]],
    )
    box = page.locator('[data-map="0"]').bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".inspector")
    if not page.locator(f'[data-unit="{run["units"][unit]["id"]}"]').count():  # several stand at one place
        page.click(f'[data-here="{run["units"][unit]["id"]}"]')
    page.wait_for_selector(f'[data-unit="{run["units"][unit]["id"]}"] .magazine svg')
    page.locator("#scrub").press("End")
    fired = sum(
        shots for w, shots in zip(raid["shots"]["weapon"], raid["shots"]["shots"], strict=True)
        if run["weapons"][w]["unit"] == unit
    )  # fmt: skip
    assert int(page.inner_text("#unit-fired")) == fired > 0
    page.click("#footprint")
    page.get_by_role("button", name="Hide").wait_for()


def test_filters_show_only_what_is_asked_for(served, open_page):
    page = open_page(served.address)
    raid = requests.get(f"{served.address}api/runs/night/replays/{chosen(served)['median']}", timeout=60).json()
    page.click('[data-type="shahed-136"]')
    assert page.inner_text(".filter-state").startswith("479 of 499 shown")
    page.click('[data-outcome="through"]')
    through = ended(served, chosen(served)["median"])["through"]
    run = requests.get(f"{served.address}api/runs/night", timeout=60).json()
    drone = [one["id"] for one in run["types"]].index("shahed-136")
    leaked = [run["fates"].index(name) for name in ("leaked_hit", "leaked_missed")]
    drones = sum(
        type_ == drone and fate in leaked
        for type_, fate in zip(raid["threats"]["type"], raid["threats"]["fate"], strict=True)
    )
    assert drones <= through
    assert page.inner_text(".filter-state").startswith(f"{drones} of 499 shown")
    page.locator("[data-cause]").first.click()
    assert int(page.inner_text(".filter-state").split()[0]) <= drones
    page.click("#clear-filter")
    page.wait_for_selector(".filter-state", state="detached")
    page.click('[data-coverage="radar"]')
    page.select_option("#coverage-height", "3")
    page.wait_for_selector('[data-coverage="radar"][aria-pressed="true"]')


def test_many_raids_and_choose_one(served, open_page):
    page = open_page(served.address)
    page.click("#tab-across")
    across = requests.get(f"{served.address}api/runs/night", timeout=60).json()["across"]
    assert f"{across['mean']:.1f} get through a raid" in page.inner_text(".lead")
    for name in ("best", "worst"):
        page.click(f'.chosen [data-raid="{across["chosen"][name]}"]')
        page.wait_for_selector(f'.chosen [data-raid="{across["chosen"][name]}"][aria-pressed="true"]')
        assert int(page.inner_text('.chosen [aria-pressed="true"] b')) == across["leaked"][across["chosen"][name]]
    assert page.locator("#heat").get_attribute("aria-pressed") == "true"


def test_one_file_opens_from_disk(served, open_page, tmp_path):
    page = open_page(served.address)
    with page.expect_download() as download:
        page.click("#export")
    target = tmp_path / "raid.html"
    download.value.save_as(target)
    alone = open_page(target.as_uri())
    assert alone.locator('[role="tab"]').all_inner_texts() == ["Replay", "Across raids"]
    alone.keyboard.press("End")
    assert counts(alone) == ended(served, chosen(served)["median"])
    alone.keyboard.press("Home")
    alone.keyboard.press("l")
    alone.keyboard.press("]")
    alone.wait_for_selector(".stops li >> nth=9")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (2560, 1440)])
def test_from_phone_to_wall(served, open_page, width, height):
    page = open_page(served.address, width=width, height=height, scheme="light")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    for name in ("across", "change", "replay"):
        page.click(f"#tab-{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_control_has_a_name_and_is_reached_by_keyboard(served, open_page):
    page = open_page(served.address)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input, [role=slider], canvas.maplibregl-canvas')]
            .filter((one) => !(one.innerText?.trim() || one.ariaLabel || one.title || one.labels?.length))
            .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert json.dumps(nameless) == "[]"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.dataset.type || ''"))
    assert {"raid", "tab-across", "export", "theme", "play", "speed", "scrub", "shahed-136"} <= seen
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    page.keyboard.press("2")
    page.wait_for_selector('#tab-across[aria-selected="true"]')
