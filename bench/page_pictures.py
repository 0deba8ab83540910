"""Draw the pictures of the page from the shipped night, one for each of its states: `make pictures`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from bench.view import CHROMIUM, NIGHT, serving, shieldwall

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
REPLICATIONS = 500
QUALITY = 74


def main() -> None:
    """Play the night, open the page, go through its states."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        size = ("-n", str(REPLICATIONS), "--seed", "1")
        shieldwall(folder, "run", NIGHT, *size, "--out", "runs/night")
        shieldwall(folder, "run", NIGHT, *size, "--set", "scale.defence=2", "--out", "runs/other")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        with serving(folder, "runs/night") as address:
            for draw in (replay, threat, battery, across, compare, change, exercise, phone):
                draw(browser, address)
        browser.close()


def opened(browser: Any, address: str, part: float, *, scheme: str = "dark", wide: int = 1360, high: int = 850) -> Any:
    """Return the page at a part of the night."""
    page = browser.new_context(viewport={"width": wide, "height": high}, color_scheme=scheme).new_page()
    page.set_default_timeout(300_000)
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    box = page.locator("#scrub").bounding_box()
    page.mouse.click(box["x"] + box["width"] * part, box["y"] + 12)
    page.mouse.move(0, 0)
    return page


def keep(page: Any, name: str) -> None:
    """Write the picture when nothing moves any more."""
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(2500)
    path = PICTURES / f"page-{name}.jpg"
    page.screenshot(path=path, type="jpeg", quality=QUALITY)
    page.context.close()
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def replay(browser: Any, address: str) -> None:
    """Draw the raid at its height: the picture that opens the README."""
    keep(opened(browser, address, 0.55), "replay")


def threat(browser: Any, address: str) -> None:
    """Draw a threat that gets through, with its ten stops."""
    page = opened(browser, address, 0.5, scheme="light")
    page.click('[data-outcome="through"]')
    page.keyboard.press("]")
    page.wait_for_selector(".stops li >> nth=9")
    keep(page, "threat")


def battery(browser: Any, address: str) -> None:
    """Draw a battery with its rings and its rounds."""
    page = opened(browser, address, 0.72)
    page.click('[data-coverage="reach"]')
    page.evaluate(
        """() => {
            const scene = window.__shieldwall.scenes[0]
            const unit = scene.replay.laydown.units.find((one) => one.id.startsWith('nasams'))
            scene.map.jumpTo({ center: [unit.lon, unit.lat], zoom: 7.6 })
            scene.onPick({ kind: 'unit', index: scene.replay.laydown.units.indexOf(unit) })
        }"""
    )
    page.wait_for_selector(".magazine")
    keep(page, "battery")


def across(browser: Any, address: str) -> None:
    """Draw what many raids say."""
    page = opened(browser, address, 0.6, scheme="light")
    page.click("#tab-across")
    keep(page, "across")


def compare(browser: Any, address: str) -> None:
    """Draw two runs on the same luck."""
    page = opened(browser, address, 0.7)
    page.click("#tab-compare")
    page.select_option("#compare-with", "other")
    page.click("#show-beside")
    page.wait_for_selector('[data-map="1"] canvas')
    keep(page, "compare")


def change(browser: Any, address: str) -> None:
    """Draw a changed laydown played again."""
    page = opened(browser, address, 0.6, scheme="light")
    page.click("#tab-change")
    page.select_option("#change-unit", "group-rivne")
    page.fill('[data-path="fire_units.group-rivne.count"]', "20")
    page.keyboard.press("Tab")
    page.click("#play-again")
    page.wait_for_selector("#verdict")
    keep(page, "change")


def exercise(browser: Any, address: str) -> None:
    """Draw an exercise's review on two maps."""
    page = opened(browser, address, 0.5)
    page.click("#tab-exercise")
    page.fill(".panel input[type=number]", "3")
    page.keyboard.press("Tab")
    page.click("#begin-exercise")
    page.click('[data-control="drone-hold"]')
    page.click("#to-the-end")
    page.wait_for_selector("#review")
    page.click("#replay-both")
    page.wait_for_selector('[data-map="1"] canvas')
    page.click("#play")
    box = page.locator("#scrub").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + 12)
    keep(page, "exercise")


def phone(browser: Any, address: str) -> None:
    """Draw the page on a phone."""
    keep(opened(browser, address, 0.55, wide=390, high=844), "phone")


if __name__ == "__main__":
    main()
