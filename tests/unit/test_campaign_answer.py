"""What a campaign tells: what binds by date, distributions, comparisons, and its figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from shieldwall import plot
from shieldwall.campaign.answer import answer, compare, exchange, per_replication
from shieldwall.campaign.binding import binding
from shieldwall.campaign.run import Played
from shieldwall.results.row import Cause
from verification.campaign_lab import PLAIN, Lab, lab, nights, quiet

STOCKS = """
  stocks: {rule: RULE, transport: 0 days, depots: {a: {hawk: 30}, b: {hawk: 50}}}
"""


def thirsty(night: int, opening):
    wanted, units, sensors = quiet(opening)
    wanted[:] = 20
    return wanted, units, sensors


def played(folder: Path, extra: str = STOCKS.replace("RULE", "national"), count: int = 30) -> Played:
    ready = lab(folder, PLAIN.replace("nights: 100", f"nights: {count}") + extra, 8)
    records = nights(ready, count, thirsty)
    return Played(ready.scenario, ready.plan, ready.layout, 1, 8, ready.standing, records, 0.5, None)


def with_causes(ready: Lab, *causes: Cause) -> list:
    """Return one quiet night for each cause, with four leakers of it in every replication."""
    found = nights(ready, len(causes), lambda _, opening: quiet(opening))
    for n, cause in enumerate(causes):
        counts = np.zeros_like(found[n].causes)
        if cause != Cause.NONE:
            counts[:, cause - 1] = 4
        found[n] = found[n]._replace(causes=counts)
    return found


def test_nights_with_one_commonest_cause_are_one_stretch(tmp_path: Path) -> None:
    ready = lab(tmp_path, PLAIN, 3)
    causes = [Cause.NEVER_DETECTED] * 12 + [Cause.CHANNELS_SATURATED] * 12 + [Cause.NONE] * 12
    found = binding(ready.layout, ready.plan, with_causes(ready, *causes))
    assert [(s.first, s.last, s.constraint) for s in found] == [
        (1, 12, "detection"), (13, 27, "fire channels"), (28, 36, "nothing leaked"),
    ]  # fmt: skip
    assert [s.share for s in found] == [1.0, 1.0, 0.0]
    assert found[1].leaked == pytest.approx(12 * 4 / 15)


def test_seen_too_late_and_not_at_all_are_one_constraint(tmp_path: Path) -> None:
    ready = lab(tmp_path, PLAIN, 3)
    found = binding(
        ready.layout, ready.plan, with_causes(ready, Cause.NEVER_DETECTED, Cause.DETECTED_TOO_LATE, Cause.SHOTS_MISSED)
    )
    assert [s.constraint for s in found] == ["detection"]
    assert found[0].share == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("rule", "depot", "line", "why"),
    [
        ("national", 0, False, "no line"),
        ("national", 0, True, "production"),
        ("national", 500, True, "other nations' depots, or transport"),
        ("pooled", 500, False, "transport"),
    ],
)
def test_empty_magazines_name_the_rounds_and_what_kept_them_away(
    tmp_path: Path, rule: str, depot: int, line: bool, why: str
) -> None:
    more = f"  stocks: {{rule: {rule}, depots: {{a: {{hawk: 0}}}}}}\n"
    more += "  lines: [{id: line, makes: hawk, rate: 1 count/year}]\n" if line else ""
    ready = lab(tmp_path, PLAIN + more, 3)
    record = with_causes(ready, Cause.MAGAZINE_EMPTY)[0]
    kept = record.depot.copy()
    kept[0, -1, 0] = depot
    record = record._replace(short=np.full((3, 1), 200), depot=kept)
    (found,) = binding(ready.layout, ready.plan, [record])
    assert (found.constraint, found.effectors, found.held_up_by) == ("rounds", ("hawk",), why)


def test_the_answer_is_json_and_adds_up(tmp_path: Path) -> None:
    found = json.loads(json.dumps(answer(played(tmp_path)), allow_nan=False))
    hawk = found["effectors"]["hawk"]
    # Three batteries of a hundred fire twenty a night: gone on night 6 but for what the depots hold.
    assert hawk["fired"] == 300 + 80
    assert hawk["by_nation"]["a"]["runs_out"]["q50"] == hawk["by_nation"]["a"]["runs_out"]["q95"]
    assert hawk["by_nation"]["a"]["runs_out"]["q50"] < hawk["by_nation"]["b"]["runs_out"]["q50"]
    assert hawk["depots_empty"]["q50"] == 4
    assert sum(night["fired"].get("hawk", 0) for night in found["by_night"]) == hawk["fired"]
    assert found["exchange"]["value_protected"] == 1.0
    assert found["casualties"] == {}
    assert found["service_lost"] == {}
    assert hawk["load"][-1] == 0


def test_a_campaign_less_itself_is_nothing(tmp_path: Path) -> None:
    one = played(tmp_path)
    gap = compare(one, one)
    assert all(of["mean"] == 0.0 and of["ci90"] == [0.0, 0.0] for of in gap.values())
    sums = per_replication(one)
    assert exchange(one)["defence_usd"] == pytest.approx(float(sums["spent_usd"].mean()))


def test_figures_show_what_the_answer_says(tmp_path: Path) -> None:
    one = played(tmp_path)
    runs_out = plot.runs_out(one)
    (line,) = runs_out.axes[0].get_lines()
    assert line.get_label() == "hawk"
    assert line.get_ydata()[-1] == 100.0
    first = answer(one)["effectors"]["hawk"]["runs_out"]["q50"]
    assert line.get_ydata()[first - 1] == 0.0
    assert line.get_ydata()[first] == 100.0
    stock = plot.stock_by_night(one).axes[0].get_lines()[0]
    assert stock.get_ydata()[0] == pytest.approx(100.0)
    assert stock.get_ydata()[-1] == 0.0
    assert isinstance(plot.leaked_by_night(one), Figure)
    for figure in (runs_out, plot.stock_by_night(one), plot.leaked_by_night(one)):
        assert figure._repr_svg_().startswith("<svg")  # type: ignore[attr-defined]


def test_what_never_runs_out_is_named_below_the_axis(tmp_path: Path) -> None:
    ready = lab(tmp_path, PLAIN.replace("nights: 100", "nights: 3") + STOCKS.replace("RULE", "pooled"), 4)
    records = nights(ready, 3, lambda _, opening: quiet(opening))
    calm = Played(ready.scenario, ready.plan, ready.layout, 1, 4, ready.standing, records, 0.1, None)
    figure = plot.runs_out(calm)
    assert not figure.axes[0].get_lines()
    assert figure.axes[0].get_xlabel().endswith("Never: hawk")
