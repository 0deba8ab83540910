"""A scenario names a calibration: found, set into the catalogue, told in the notes; wrong ones are refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.scenario.calibration import SUFFIX, read_calibration, user_folder
from shieldwall.scenario.load import read

SETTING = ["calibration=mine"]
FIGURE = {"value": 0.3, "low": 0.2, "high": 0.4, "unit": "fraction", "provenance": "made up"}
PATH = "effectors.gepard-35mm.kill_probability.drone"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    user_folder().mkdir(parents=True)
    return user_folder()


def write(folder: Path, figures: object, name: str = "mine", version: object = 1) -> Path:
    path = folder / f"{name}{SUFFIX}"
    path.write_text(json.dumps({"shieldwall_calibration": version, "words": "By hand.", "figures": figures}))
    return path


def test_figures_are_set_with_their_ranges_and_told(own_folder: Path) -> None:
    write(own_folder, {PATH: FIGURE})
    file = read("night-2025-06-09")
    figure = file.figures(SETTING)[PATH]
    assert (figure.value, figure.low, figure.high, figure.confidence) == (0.3, 0.2, 0.4, "assumed")
    assert figure.reason == "calibrated: made up. The catalogue says 0.5 fraction"
    plain, calibrated = file.load(), file.load(SETTING)
    assert plain.hash != calibrated.hash
    assert plain.catalogue_hash != calibrated.catalogue_hash
    assert calibrated.notes[-1] == "Calibration mine: 1 figures. By hand."
    assert calibrated.overrides == {"calibration": "mine"}


def test_an_override_goes_before_the_calibration(own_folder: Path) -> None:
    write(own_folder, {PATH: FIGURE})
    assert read("night-2025-06-09").figures([*SETTING, f"{PATH}=0.7"])[PATH].value == 0.7


def test_a_calibration_beside_the_scenario_goes_before_the_users_own(own_folder: Path, tmp_path: Path) -> None:
    write(own_folder, {PATH: FIGURE})
    place = tmp_path / "night"
    place.mkdir()
    write(place, {PATH: {**FIGURE, "value": 0.25}})
    (place / "scenario.yaml").write_text(
        "shieldwall: 1\nname: own\ninclude: [night-2025-06-09/scenario.yaml]\ncalibration: mine\n"
    )
    assert read(place).figures()[PATH].value == 0.25


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "this is not JSON in UTF-8"),
        ("\xff", "this is not JSON in UTF-8"),
        ("[]", "this is not a calibration of version 1"),
        ('{"shieldwall_calibration": 2}', "this is not a calibration of version 1"),
        ('{"shieldwall_calibration": 1, "figures": {}}', "it holds no figures"),
        ('{"shieldwall_calibration": 1, "figures": {"a.b.c": 3}}', "figures.a.b.c: not a figure"),
        (
            '{"shieldwall_calibration": 1, "figures": {"a": {"value": 1, "low": 2, "high": 3, "unit": "km"}}}',
            "figures.a: low 2, value 1, high 3 are out of order",
        ),
        (
            '{"shieldwall_calibration": 1, "figures": {"a": {"value": true, "low": 0, "high": 1, "unit": "km"}}}',
            "figures.a: value, low and high must be numbers",
        ),
    ],
)
def test_a_file_of_another_form_is_refused(own_folder: Path, content: str, said: str) -> None:
    path = own_folder / f"mine{SUFFIX}"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError) as caught:
        read_calibration(path)
    assert said in str(caught.value)
    assert "shieldwall calibrate FILE" in str(caught.value)
    with pytest.raises(InputError, match="--set:1:13: calibration: "):
        shieldwall.load("night-2025-06-09", overrides=SETTING)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"effectors.no-such.kill_probability.drone": FIGURE}, "the catalogue has no figure 'effectors.no-such."),
        ({"effectors.gepard-35mm.kill_probability.moon": FIGURE}, "the catalogue has no figure"),
        ({PATH: {**FIGURE, "high": 1.5}}, PATH),
        ({PATH: {**FIGURE, "unit": "parsec"}}, PATH),
    ],
)
def test_figures_that_cannot_be_are_refused(own_folder: Path, figures: object, said: str) -> None:
    write(own_folder, figures)
    with pytest.raises(InputError) as caught:
        shieldwall.load("night-2025-06-09", overrides=SETTING)
    assert said in str(caught.value)


def test_a_name_that_is_nowhere_says_how_to_make_it() -> None:
    with pytest.raises(InputError) as caught:
        shieldwall.load("night-2025-06-09", overrides=["calibration=reported-to-2024-12"])
    assert "there is no calibration 'reported-to-2024-12' beside the scenario or in" in str(caught.value)
    assert "make it: shieldwall calibrate FILE --name reported-to-2024-12" in str(caught.value)
