"""`shieldwall campaign`: night after night, and what runs out when."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

import shieldwall
from shieldwall.campaign.answer import DEFENCE, answer, compare
from shieldwall.campaign.run import Ground, Played, ground_of, one_more_line
from shieldwall.campaign.run import campaign as play_campaign
from shieldwall.cli.interrupt import Interrupted
from shieldwall.cli.terminal import answers, print_json, progress, table
from shieldwall.results.numbers import mean, money, percent
from shieldwall.scenario.campaign_types import Campaign
from shieldwall.scenario.types import Scenario

_ROWS = 12


def campaign(
    name: str,
    settings: Sequence[str],
    *,
    replications: int,
    seed: int,
    threads: int | None,
    out: Path | None,
    more: Sequence[str],
    as_json: bool,
) -> None:
    """Play a campaign into a folder, and once more for each line that there might be one more of; print the answer."""
    scenario = shieldwall.load(name, overrides=settings)
    ground = ground_of(scenario, threads=threads)
    assert scenario.campaign is not None
    plans = {line: one_more_line(scenario.campaign, line) for line in more}
    folder = out or default_folder(scenario, replications, seed)
    base = _play(scenario, None, ground, folder, (replications, seed, threads))
    found = answer(base)
    if plans:
        found["one_more"] = {}
    for line, plan in plans.items():
        beside = folder.with_name(f"{folder.name}-one-more-{line}")
        changed = _play(scenario, plan, ground, beside, (replications, seed, threads))
        found["one_more"][line] = compare(changed, base)
    if as_json:
        print_json(found)
    else:
        print_answer(found, folder, answers())


def default_folder(scenario: Scenario, replications: int, seed: int) -> Path:
    """Return runs/campaign-NAME-seedS-nN-HASH."""
    digest = f"{scenario.hash[:4]}{scenario.catalogue_hash[:4]}"
    return Path("runs") / f"campaign-{scenario.name}-seed{seed}-n{replications}-{digest}"


def _play(
    scenario: Scenario, plan: Campaign | None, ground: Ground, folder: Path, asked: tuple[int, int, int | None]
) -> Played:
    replications, seed, threads = asked
    label = f"{scenario.name}, nights" if plan is None else f"{scenario.name}, one more line, nights"
    try:
        with progress(label) as tick:
            return play_campaign(
                scenario, replications, seed, threads=threads, out=folder, plan=plan, ground=ground, progress=tick
            )
    except KeyboardInterrupt:
        raise Interrupted(
            f"interrupted; finished nights are kept in {folder}; give the same command again to go on"
        ) from None


def print_answer(found: dict[str, Any], folder: Path, console: Console) -> None:
    """Print the tables of a campaign."""
    console.print(
        f"\n{found['scenario']}: {found['nights']} nights x {found['replications']:,} replications, seed "
        f"{found['seed']}; stocks {found['stocks']}, adversary's estimates {found['estimates']}.\n"
    )
    console.print(_runs_out(found))
    console.print()
    console.print(_by_date(found))
    console.print()
    console.print(_binding(found))
    console.print()
    console.print(_adversary(found))
    total, paid = found["total"], found["exchange"]
    console.print(
        f"\nIn all {mean(total['leaked']['mean'])} of {mean(total['launched'])} got through. Of all value "
        f"{percent(paid['value_protected'])} stood on the mean morning; for that the defence spent "
        f"{money(paid['defence_usd'])} USD (rounds, losses, operating) against {money(paid['raid_usd'])} USD flown."
    )
    console.print(f"Delivered meanwhile: {money(total['procured_usd']['mean'])} USD.")
    if found["casualties"]:
        of = found["casualties"]
        console.print(f"Killed and gravely hurt: {mean(of['mean'])} ({mean(of['ci90'][0])} to {mean(of['ci90'][1])}).")
    for service, of in found["service_lost"].items():
        console.print(
            f"{service}: {mean(of['mean'])} {of['unit']} not delivered ({mean(of['ci90'][0])} to "
            f"{mean(of['ci90'][1])}), {percent(of['share'] or 0.0)} of all."
        )
    for line, gap in found.get("one_more", {}).items():
        console.print()
        console.print(_one_more(line, gap))
    console.print(f"\nNights are in {folder}; --json has every night.\n", style="dim")


def _runs_out(found: dict[str, Any]) -> Any:
    shown = table(
        "First night on which fire units begin nearly empty, and depots are",
        "effector", "units: median", "5 to 95 %", "ran out", "depots: median", "fired", "delivered",
    )  # fmt: skip
    for name, of in found["effectors"].items():
        out, depot = of["runs_out"], of["depots_empty"]
        shown.add_row(
            name,
            _day(out["q50"]),
            f"{_day(out['q05'])} to {_day(out['q95'])}",
            percent(out["share"]),
            _day(depot["q50"]),
            mean(of["fired"]),
            mean(of["delivered"]),
        )
    return shown


def _day(night: int | None) -> str:
    return "later" if night is None else str(night)


def _by_date(found: dict[str, Any]) -> Any:
    shown = table(
        "By date, mean a night", "nights", "launched", "leaked", "value standing", "units out", "spent", "flown"
    )
    nights = found["by_night"]
    step = max(1, -(-len(nights) // _ROWS))
    for at in range(0, len(nights), step):
        part = nights[at : at + step]

        def of(key: str, part: list[dict[str, Any]] = part) -> float:
            return float(sum(night[key] for night in part) / len(part))

        cost = {key: sum(night["cost_usd"][key] for night in part) / len(part) for key in part[0]["cost_usd"]}
        shown.add_row(
            f"{part[0]['night']}-{part[-1]['night']}",
            mean(of("launched")),
            mean(sum(night["leaked"]["mean"] for night in part) / len(part)),
            percent(of("value_standing")),
            mean(of("units_out")),
            money(sum(cost[key] for key in DEFENCE)),
            money(cost["raid"]),
        )
    return shown


def _binding(found: dict[str, Any]) -> Any:
    shown = table(
        "What binds, by date", "nights", "constraint", "of the leakers", "leaked a night", "units out", left=2
    )
    for part in found["binding"]:
        words = part["constraint"]
        if part["effectors"]:
            words += f": {', '.join(part['effectors'])} ({part['held_up_by']})"
        elif part["held_up_by"]:
            words += f" ({part['held_up_by']})"
        shown.add_row(
            f"{part['first']}-{part['last']}",
            words,
            percent(part["share"]),
            mean(part["leaked"]),
            mean(part["units_out"]),
        )
    return shown


def _adversary(found: dict[str, Any]) -> Any:
    shown = table("The adversary's stock, means", "threat", "first", "built", "launched", "leaked", "left")
    for name, of in found["adversary"].items():
        shown.add_row(name, *(mean(of[key]) for key in ("first", "built", "launched", "leaked", "left")))
    return shown


def _one_more(line: str, gap: dict[str, Any]) -> Any:
    shown = table(f"One more line like {line}, on the same luck", "", "change", "90 % of the mean")
    for name, words, write in (
        ("leaked", "leaked", mean),
        ("value_lost", "value lost", mean),
        ("damage_days", "value not standing, in whole days", mean),
        ("spent_usd", "rounds, losses, operating, USD", money),
        ("procured_usd", "delivered, USD", money),
    ):
        of = gap[name]
        shown.add_row(words, write(of["mean"]), f"{write(of['ci90'][0])} to {write(of['ci90'][1])}")
    return shown
