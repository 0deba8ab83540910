"""The back-cast on made-up nights whose law is known: drift, raid-size effect, changed reporting, new models."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy.special import expit

from shieldwall.core.errors import InputError
from shieldwall.validation.attack_table import AttackTable, Night, Tally, Treated
from shieldwall.validation.backcast import backcast
from shieldwall.validation.backcast_report import as_json, as_lines
from shieldwall.validation.calibration import calibrated_overlay, overlay_as_json
from shieldwall.validation.forecaster import Forecaster

FIRST = dt.date(2025, 1, 1)


def table_of(nights: list[Night]) -> AttackTable:
    return AttackTable("made-up.csv", len(nights), tuple(nights), Treated(np.empty(0, np.int64), np.empty(0, np.uint8)))


def made_up(days: int, seed: int, slope: float, step: float) -> AttackTable:
    """Nights of up to 800 drones whose leak share drifts and jumps, and some missiles, one model new near the end.

    Until the last third `not_reach_goal` holds a part of the neutralised; then all of them count as destroyed.
    """
    rng = np.random.default_rng(seed)
    level, nights = -3.0, []
    for day in range(days):
        level += rng.normal() * 0.05 + 0.03 * ((-1.7 if day > days / 3 else -3.0) - level)
        usual = 90 * (1 + 2 * day / days)
        launched = int(np.clip(rng.lognormal(np.log(usual), 0.6), 10, 800))
        tallies = {}
        logit = level + step * (day > days / 2) + slope * np.log(launched / usual)
        for model, count, at, s in (
            ("Shahed-136/131", launched, logit, 30.0),
            ("Iskander-M", int(rng.poisson(1.5)), 1.8, 4.0),
            ("X-101/X-555", 30 * int(rng.random() < 0.1), -1.8, 8.0),
            ("Banderol", 3 * int(day > 0.8 * days and rng.random() < 0.3), -0.7, 4.0),
        ):
            if count:
                p = expit(at)
                leaked = int(rng.binomial(count, rng.beta(s * p, s * (1 - p))))
                lost = int(0.4 * (count - leaked)) if model.startswith("Shahed") and day < 2 * days / 3 else 0
                tallies[model] = Tally(count, count - leaked - lost, lost, count - leaked)
        nights.append(Night(FIRST + dt.timedelta(days=day), tallies))
    return table_of(nights)


def test_model_beats_every_baseline_where_size_and_time_matter() -> None:
    table = made_up(270, seed=1, slope=-0.6, step=0.3)
    (split,) = backcast(table, FIRST + dt.timedelta(days=120), None)
    model = split.scores["model"]
    others = [s for name, s in split.scores.items() if name != "model" and s]
    assert model is not None
    assert len(others) == 3
    assert model.mae < 0.9 * min(s.mae for s in others)
    assert model.crps < 0.9 * min(s.crps for s in others)
    assert model.log_score < min(s.log_score for s in others)
    assert 0.85 <= model.coverage_90 <= 0.95
    assert model.nights == len(split.nights) > 100
    assert "beta_binomial" in "\n".join(as_lines(table, [split]))


def test_same_table_gives_the_same_figures() -> None:
    table = made_up(60, seed=2, slope=0.0, step=0.0)
    splits = [backcast(table, FIRST + dt.timedelta(days=50), None) for _ in range(2)]
    assert as_json(table, splits[0]) == as_json(table, splits[1])


def test_half_years_are_the_default_and_need_half_a_year_of_history() -> None:
    table = made_up(215, seed=3, slope=0.0, step=0.0)
    splits = backcast(table, min_launched=150)
    assert [(s.start, s.end) for s in splits] == [(dt.date(2025, 7, 1), dt.date(2025, 12, 31))]
    assert all(f.night.launched >= 150 for f in splits[0].nights)


def test_a_split_without_nights_has_no_scores() -> None:
    table = made_up(30, seed=4, slope=0.0, step=0.0)
    (split,) = backcast(table, dt.date(2025, 1, 20), dt.date(2025, 1, 25), min_launched=5_000)
    printed = as_json(table, [split])["splits"][0]
    assert printed["days"] == 0
    assert printed["mae"] == dict.fromkeys(("model", "constant", "trailing_90", "beta_binomial"))
    assert printed["coverage"] == {"50": None, "90": None}


def test_impossible_questions_are_refused() -> None:
    table = made_up(10, seed=5, slope=0.0, step=0.0)
    with pytest.raises(InputError, match="no night before 2025-01-01 to learn from; give --from after 2025-01-01"):
        backcast(table, FIRST, None)
    with pytest.raises(InputError, match="--from 2025-01-09 is after --to 2025-01-05"):
        backcast(table, dt.date(2025, 1, 9), dt.date(2025, 1, 5))
    with pytest.raises(InputError, match="no night with a strike weapon in it"):
        backcast(table_of([]))
    huge = table_of([Night(FIRST, {"Kalibr": Tally(30_000, 0, 0, 0)})])
    with pytest.raises(InputError, match="30,000 of 'Kalibr' launched on 2025-01-01; look for repeated rows"):
        backcast(huge)
    with pytest.raises(InputError, match="no night before 2024-01-01"):
        calibrated_overlay(table, dt.date(2024, 1, 1))


def learnt(pairs: list[tuple[str, int, int, int]]) -> Forecaster:
    """Return a forecaster after nights of (model, launched, leaked, suppressed), one a day."""
    forecaster = Forecaster()
    for day, (model, launched, leaked, suppressed) in enumerate(pairs):
        tally = Tally(launched, launched - leaked - suppressed, suppressed, launched - leaked)
        forecaster.learn(Night(FIRST + dt.timedelta(days=day), {model: tally}))
    return forecaster


def share(forecaster: Forecaster, model: str, day: int, launched: int = 20) -> float:
    night = Night(FIRST + dt.timedelta(days=day), {model: Tally(launched, 0, 0, 0)})
    forecast = forecaster.forecast(night)[model]
    return float(forecast @ np.arange(launched + 1)) / launched


def test_an_unseen_model_is_forecast_like_its_group() -> None:
    seen = learnt([("Kalibr", 20, 4, 0), ("X-101/X-555", 20, 4, 0)] * 15 + [("Iskander-M", 5, 5, 0)] * 10)
    assert share(seen, "X-59", 41) == pytest.approx(0.2, abs=0.06)
    assert share(seen, "C-300", 41, 5) > 0.8


def test_a_bundle_lies_between_its_parts_nearer_to_the_commoner() -> None:
    seen = learnt([("X-101/X-555", 40, 4, 0), ("Iskander-M", 4, 4, 0)] * 20)
    bundle = share(seen, "X-101/X-555 and Iskander-M", 41)
    low, high = share(seen, "X-101/X-555", 41), share(seen, "Iskander-M", 41)
    assert low < bundle < (low + high) / 2


def test_forecasts_fall_when_suppressed_drones_begin_to_be_counted() -> None:
    nights = [("Shahed-136/131", 30, 6, 0)] * 40
    before = share(learnt(nights), "Shahed-136/131", 42)
    after = share(learnt([*nights, ("Shahed-136/131", 30, 6, 1)]), "Shahed-136/131", 42)
    assert before == pytest.approx(0.2, abs=0.03)
    assert after < before - 0.03


def test_folding_suppressed_into_destroyed_changes_no_forecast() -> None:
    apart = [("Shahed-136/131", 100, 10, 30)] * 30
    folded = apart[:15] + [("Shahed-136/131", 100, 10, 0)] * 15
    assert share(learnt(apart), "Shahed-136/131", 31) == share(learnt(folded), "Shahed-136/131", 31)


def test_overlay_finds_the_law_of_made_up_nights_and_has_the_form_of_a_file() -> None:
    rng = np.random.default_rng(6)
    nights = []
    for day in range(150):
        leaked, lost = int(rng.binomial(100, rng.beta(2.0, 18.0))), 30
        tally = Tally(100, 100 - leaked - min(lost, 100 - leaked), min(lost, 100 - leaked), 100 - leaked)
        nights.append(Night(FIRST + dt.timedelta(days=day), {"Shahed-136/131": tally}))
    overlay = calibrated_overlay(table_of(nights), FIRST + dt.timedelta(days=150))
    # Beta(2, 18): mean leak 0.1, concentration 20; 30 of 100 suppressed, the rest of 0.9 shot down.
    for name, truth in (("neutralised", 0.9), ("suppressed", 0.3), ("shot_down", 0.6), ("night_concentration", 20.0)):
        figure = overlay[f"reported.drone.{name}"]
        assert figure.low <= truth <= figure.high
    assert overlay["reported.drone.neutralised"].high - overlay["reported.drone.neutralised"].low < 0.07
    form = overlay_as_json(overlay)["reported.drone.suppressed"]
    assert list(form) == ["value", "low", "high", "provenance"]
    assert form["provenance"] == "reported attacks before 2025-05-31: 15,000 launched on 150 nights"
