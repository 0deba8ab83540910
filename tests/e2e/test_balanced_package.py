"""The balanced package answers its question on the command line, and its packages cost the same."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import shieldwall
from shieldwall.catalogue.load import load_catalogue

COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()"]
PACKAGES = ("batteries", "fighters", "passive", "surveillance", "readiness", "mix")
BUDGET_USD = 520e6


def run(folder, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=900, check=False)


def total_usd(package: str) -> float:
    chosen = shieldwall.load("balanced-package", overrides=[f"package={package}"]).package
    assert chosen is not None
    assert chosen.name == package
    return sum(chosen.cost_usd.values())


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_costs_the_same(package: str) -> None:
    assert total_usd(package) - total_usd("none") == pytest.approx(BUDGET_USD, rel=0.01)


def test_a_package_costs_what_the_catalogue_says() -> None:
    """The batteries by hand: price and ten years' upkeep; nothing but fire units, rounds and their crews is more."""
    catalogue = load_catalogue()
    none, batteries = (
        shieldwall.load("balanced-package", overrides=[f"package={name}"]).package for name in ("none", "batteries")
    )
    assert none is not None
    assert batteries is not None
    terms, rate = catalogue.procurement["terms"], catalogue.money["rates"].eur_usd.si
    upkeep = terms.of_group["fire_units"].operating_share.si

    def usd(group: str, name: str) -> float:
        return catalogue.entries(group)[name].unit_cost.usd(rate)

    def share(name: str) -> float:
        own = terms.terms.get(name)
        return upkeep if own is None or own.operating_share is None else own.operating_share.si

    bought = {"iris-t-slm-unit": 1, "nasams-battery": 1, "gepard": 3, "mobile-fire-group": 12}
    units = sum(number * usd("fire_units", name) * (1 + 10 * share(name)) for name, number in bought.items())
    assert batteries.cost_usd["fire_units"] - none.cost_usd["fire_units"] == pytest.approx(units)
    for other in ("passive", "sensors", "shelter", "warning", "repair"):
        assert batteries.cost_usd[other] == none.cost_usd[other]


def test_what_has_its_own_upkeep_in_the_catalogue_is_charged_that() -> None:
    """Two radars of long range in `none`: their own 1.5 million a year each, not the share of their group."""
    none = shieldwall.load("balanced-package", overrides=["package=none"]).package
    sensors, terms = load_catalogue().sensors, load_catalogue().procurement["terms"]
    long_range, gap_filler = sensors["long-range-radar"], sensors["gap-filler-radar"]
    assert none is not None
    assert long_range.operating_cost is not None
    assert gap_filler.operating_cost is None
    share = terms.of_group["sensors"].operating_share.si
    by_hand = 2 * (long_range.unit_cost.usd(1.0) + 10 * long_range.operating_cost.usd(1.0))
    by_hand += gap_filler.unit_cost.usd(1.0) * (1 + 10 * share)
    assert none.cost_usd["sensors"] == pytest.approx(by_hand)


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("runs")
    done = run(folder, "compare", "balanced-package", "--set", "package=none,batteries,passive", "-n", "60", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_compare_gives_each_with_its_interval_on_the_same_luck(compared) -> None:
    for name in ("leaked", "damage", "casualties", "service_lost/power", "service_lost/runways"):
        for gaps in compared["differences"].values():
            assert gaps[name]["ci90"][0] <= gaps[name]["mean"] <= gaps[name]["ci90"][1]
    batteries, passive = (compared["differences"][f"package={name}"] for name in ("batteries", "passive"))
    assert batteries["leaked"]["ci90"][1] < 0  # batteries stop more
    assert passive["damage"]["ci90"][1] < 0  # passive measures stop nothing, and less is lost
    assert passive["service_lost/power"]["ci90"][1] < 0
    assert batteries["leaked"]["variance_reduction"] > 1


def test_run_says_casualties_services_and_package(tmp_path) -> None:
    done = run(tmp_path, "run", "balanced-package", "--set", "package=mix", "-n", "20", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["casualties"]["ci90"][0] <= found["casualties"]["mean"]
    assert {name: lost["unit"] for name, lost in found["service_lost"].items()} == {
        "power": "MWh",
        "radars": "radar-hours",
        "runways": "runway-hours",
    }
    assert found["package"]["name"] == "mix"
    assert found["package"]["total_usd"] == pytest.approx(total_usd("mix"))


def test_an_unknown_package_is_refused_with_the_nearest_name(tmp_path) -> None:
    done = run(tmp_path, "run", "balanced-package", "--set", "package=passiv")
    assert done.returncode == 2
    assert "--set:1:9" in done.stderr
    assert "there is no package 'passiv'" in done.stderr
    assert "did you mean 'passive'" in done.stderr
    assert "Traceback" not in done.stderr
