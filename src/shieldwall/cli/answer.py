"""The printed answer of a run: what happened, what ran out, why leakers leaked, what it cost, what was hit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from shieldwall.cli.terminal import called_as, table
from shieldwall.results.answer import as_reported
from shieldwall.results.answer import reported as reported_figures
from shieldwall.results.local_time import LocalClock
from shieldwall.results.manifest import Manifest
from shieldwall.results.numbers import band, mean, money, number, percent, signed
from shieldwall.results.results import Results
from shieldwall.results.statistics import Spread
from shieldwall.results.summary import Summary
from shieldwall.results.trace import CAUSE_WORDS
from shieldwall.results.trace_flight import reasons

_ENDS = ("shot_down", "suppressed", "failed", "leaked")
_MOST_ASSETS = 12


def print_answer(results: Results, console: Console) -> None:
    """Print the whole answer."""
    summary, manifest = results.summary(), results.manifest
    _heading(results, console)
    console.print("", _by_type(summary, manifest))
    _reported_from(manifest, console)
    console.print("", _rounds(summary))
    _first_dry(summary, manifest, console)
    _fighters(summary, console)
    _traffic(summary, console)
    console.print("", _causes(summary))
    _cost(summary, console)
    _assets(summary, console)
    _equipment(summary, console)
    _people(summary, console)
    _services(summary, console)
    _readiness(results, console)
    _where(results, console)


def _heading(results: Results, console: Console) -> None:
    manifest = results.manifest
    clock = LocalClock(manifest.start_utc, manifest.time_zone)
    resumed = results.run.get("resumed_blocks", 0) * manifest.block_size
    kept = f", {min(resumed, manifest.replications):,} of them kept from before" if resumed else ""
    console.print(f"\n{manifest.title or manifest.scenario}", style="bold")
    console.print(
        f"{manifest.scenario}, {manifest.replications:,} replications{kept}, seed {manifest.seed}, "
        f"{results.wall_s:.1f} s. From {clock.day(0)} {clock.minute(0)} ({manifest.time_zone})."
    )
    for path, value in manifest.overrides.items():
        console.print(f"changed: {path} = {value}")


def _by_type(summary: Summary, manifest: Manifest) -> Table:
    """Return the table by type: mean, 90 % band over raids, and what was reported beside it."""
    ends = [*_ENDS, "aborted"] if summary.total["aborted"].mean > 0 else list(_ENDS)
    beside = reported_figures(summary, manifest)
    shown = table("", "type", "launched", *(end.replace("_", " ") for end in ends))
    for name, spreads in summary.types.items():
        _threat_rows(shown, name, spreads, ends, beside.get(name, {}))
    if len(summary.types) > 1:
        _threat_rows(shown, "all", summary.total, ends, _total(beside, summary))
    return shown


def _threat_rows(
    shown: Table, name: str, spreads: Mapping[str, Spread], ends: list[str], beside: Mapping[str, Mapping[str, Any]]
) -> None:
    columns = ["launched", *ends]
    shown.add_row(name, number(spreads["launched"].mean), *(mean(spreads[key].mean) for key in ends))
    shown.add_row("  90 %", "", *(band(spreads[key]) for key in ends), style="dim", end_section=not beside)
    if beside:
        reported = (number(beside[key]["reported"]) if key in beside else "-" for key in columns)
        residual = (signed(beside[key]["residual"]) if key in beside else "-" for key in columns)
        shown.add_row("  reported", *reported)
        shown.add_row("  residual", *residual, end_section=True)


def _total(beside: Mapping[str, Mapping[str, Any]], summary: Summary) -> dict[str, dict[str, float]]:
    """Return reported totals of those figures that are reported for every type."""
    found = {}
    for key in ("launched", *_ENDS):
        if set(beside) == set(summary.types) and all(key in figures for figures in beside.values()):
            whole = sum(figures[key]["reported"] for figures in beside.values())
            simulated = as_reported(summary.total, key, with_failed=not any("failed" in f for f in beside.values()))
            found[key] = {"reported": whole, "residual": simulated - whole}
    return found


def _reported_from(manifest: Manifest, console: Console) -> None:
    console.print("\n90 %: 5 % to 95 % quantile over replications, what one raid may look like.", style="dim")
    if not manifest.reported:
        return
    told = [
        manifest.reported.get("source"),
        *(f.get("source") for f in manifest.reported.values() if isinstance(f, Mapping)),
    ]
    sources = dict.fromkeys(
        one for source in told if source for one in ([source] if isinstance(source, str) else source)
    )
    console.print(f"reported: {', '.join(sources)}; residual: simulated mean less reported.", style="dim")
    console.print("A report counts what was lost by itself as suppressed: that residual is of both.", style="dim")


def _rounds(summary: Summary) -> Table:
    shown = table("Rounds", "effector", "fired", "90 %", "left", "lost", "USD fired", "first to run out")
    for name, rounds in summary.rounds.items():
        dry = summary.first_dry.get(name)
        shown.add_row(
            name,
            mean(rounds.fired.mean),
            band(rounds.fired),
            mean(rounds.left.mean),
            mean(rounds.lost.mean),
            money(summary.cost.by_effector[name]),
            percent(dry.share) if dry else "-",
        )
    return shown


def _fighters(summary: Summary, console: Console) -> None:
    if not summary.fighters:
        return
    shown = table("Fighters", "group", "type", "sorties", "90 %", "hours flown", "on station", "kills", "lost", left=2)
    for name, flown in summary.fighters.items():
        counts = flown.counts
        shown.add_row(
            name,
            f"{flown.count} x {flown.type}",
            mean(counts["sorties"].mean),
            band(counts["sorties"]),
            mean(counts["flying_h"].mean),
            mean(counts["station_h"].mean),
            mean(counts["kills"].mean),
            mean(counts["lost_in_flight"].mean + counts["lost_on_ground"].mean),
        )
    console.print("", shown)


def _traffic(summary: Summary, console: Console) -> None:
    if summary.traffic:
        shown = table(
            "Friendly and civil aircraft", "type", "side", "flew", "shot down", "90 %", "why", "aboard", left=2
        )
        for flights in summary.traffic.values():
            shown.add_row(
                flights.name,
                flights.side,
                str(flights.flights),
                mean(flights.shot_down.mean),
                band(flights.shot_down),
                reasons(flights.mistaken),
                mean(flights.people_lost),
            )
        console.print("", shown)
    if summary.duplicates.mean > 0:
        console.print(
            f"Salvos fired while another network had one under way at the same threat: {mean(summary.duplicates.mean)}."
        )


def _first_dry(summary: Summary, manifest: Manifest, console: Console) -> None:
    clock = LocalClock(manifest.start_utc, manifest.time_zone)
    if not summary.first_dry:
        console.print("Nothing ran out in any replication.")
        return
    name, dry = next(iter(summary.first_dry.items()))
    never = f"; in {percent(summary.never_dry)} nothing ran out" if summary.never_dry > 0 else ""
    console.print(
        f"What ran out first: {name}, on one fire unit, in {percent(dry.share)} of the replications, "
        f"at {clock.minute(dry.mean_s)} on the mean{never}."
    )


def _causes(summary: Summary) -> Table:
    leaked = summary.total["leaked"].mean
    shown = table("Why leakers leaked", "cause", "per raid", "share")
    for name, leakers in sorted(summary.causes.items(), key=lambda item: -item[1]):
        if leakers > 0:
            shown.add_row(CAUSE_WORDS[name], mean(leakers), percent(leakers / leaked))
    return shown


def _cost(summary: Summary, console: Console) -> None:
    cost = summary.cost
    shown = table("Cost and value, per raid", "", "mean", "90 %")
    for name, spread in (
        ("rounds fired, USD", cost.rounds_fired),
        ("rounds lost, USD", cost.rounds_lost),
        ("equipment lost, USD", cost.equipment_lost),
        *([("flying hours, USD", cost.flying), ("aircraft lost, USD", cost.aircraft_lost)] if summary.fighters else []),
        ("defence in all, USD", cost.defence),
        ("raid, USD", cost.raid),
    ):
        shown.add_row(name, money(spread.mean), f"{money(spread.ci90[0])} to {money(spread.ci90[1])}")
    lost = cost.value_lost
    shown.add_row(
        f"value lost of {number(cost.at_stake)}", mean(lost.mean), f"{mean(lost.ci90[0])} to {mean(lost.ci90[1])}"
    )
    console.print("", shown)
    console.print(
        f"The defence spent {mean(cost.exchange)} for each dollar of the raid and kept "
        f"{percent(cost.value_protected)} of the value at stake."
    )


def _assets(summary: Summary, console: Console) -> None:
    hit = [target for target in summary.targets.values() if target.asset and target.hits.mean > 0]
    hit.sort(key=lambda target: -(target.value * (1 - target.remaining.mean)))
    if not hit:
        console.print("\nNo asset was hit in any replication.")
        return
    shown = table("Assets hit", "asset", "kind", "hits per raid", "hit in", "left", "value lost", left=2)
    for target in hit[:_MOST_ASSETS]:
        shown.add_row(
            target.name,
            target.kind,
            mean(target.hits.mean),
            percent(target.hit_share),
            percent(target.remaining.mean),
            mean(target.value * (1 - target.remaining.mean)),
        )
    console.print("", shown)
    if len(hit) > _MOST_ASSETS:
        console.print(f"and {len(hit) - _MOST_ASSETS} more, hit less.", style="dim")


def _equipment(summary: Summary, console: Console) -> None:
    lost = {name: target for name, target in summary.targets.items() if not target.asset and target.lost_share > 0}
    if lost:
        worst = sorted(lost.items(), key=lambda item: -item[1].lost_share)[:5]
        console.print("Lost most often: " + ", ".join(f"{name} in {percent(t.lost_share)}" for name, t in worst) + ".")


def _people(summary: Summary, console: Console) -> None:
    if summary.people is None:
        return
    people = summary.people
    shown = table("Killed and gravely hurt, per raid", "", "mean", "90 %")
    for name, spread in (("as warned", people.casualties), ("without any warning", people.unwarned)):
        shown.add_row(name, mean(spread.mean), band(spread))
    console.print("", shown)
    console.print(
        f"Of {mean(people.casualties.mean)}, {mean(people.killed)} killed. Warning avoided {mean(people.avoided.mean)} "
        f"({mean(people.avoided.low)} to {mean(people.avoided.high)}, 90 % of the mean)."
    )
    console.print("From public figures that are ranges: see `shieldwall catalogue show blast`.", style="dim")


def _services(summary: Summary, console: Console) -> None:
    if not summary.services:
        return
    shown = table("Services not delivered, per raid", "service", "unit", "mean", "90 %", "hours short", left=2)
    for name, service in summary.services.items():
        shown.add_row(name, service.unit, mean(service.lost.mean), band(service.lost), mean(service.short_h.mean))
    console.print("", shown)


def _readiness(results: Results, console: Console) -> None:
    manifest, summary = results.manifest, results.summary()
    state = manifest.readiness
    if state:
        said = f"Readiness: {state['state']}"
        if state["intelligence"]:
            raised = f" and raised to {state['raised']} in {percent(summary.raised_share)}" if state["raised"] else ""
            said += f"; the raid was noticed with a chance of {percent(state['noticed'])}{raised}"
            said += f"; {percent(state['alarm_is_true'])} of all alarms are followed by one"
        console.print(f"\n{said}.")
    if manifest.package:
        total = money(manifest.package["total_usd"])
        console.print(
            f"Package '{manifest.package['name']}': USD {total} in {number(manifest.package['years'])} years."
        )


def _where(results: Results, console: Console) -> None:
    if results.folder is not None:
        console.print(f"\nResults: {results.folder}")
        console.print(f"On a map: {called_as()} view {results.folder}", soft_wrap=True)
