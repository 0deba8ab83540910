"""Play a campaign: geometry once, then night after night for every replication at once, on threads, resumable."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import shieldwall
from shieldwall.campaign.adversary import arsenal_of
from shieldwall.campaign.folder import CampaignFolder, Identity, begin
from shieldwall.campaign.layout import Layout, layout_of
from shieldwall.campaign.luck import MOST_REPLICATIONS
from shieldwall.campaign.night import Play, Record, play_night, reserve_of
from shieldwall.campaign.standing import Standing, first_evening
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.engine.night import Night, prepare_night
from shieldwall.engine.night import play_night as play_raid
from shieldwall.engine.simulate import block_size, checked
from shieldwall.results.row import Block
from shieldwall.scenario.campaign_types import Campaign
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Opening

Progress = Callable[[int, int], None]
_KEEP_EVERY_S = 2.0


@dataclass(frozen=True)
class Ground:
    """What a campaign needs that no luck and no stock changes: computed once, used for every variant."""

    scenario: Scenario
    night: Night


@dataclass(frozen=True)
class Played:
    """A campaign that was played: what it was, where things stand at the end, and what each night was like."""

    scenario: Scenario
    plan: Campaign
    layout: Layout
    seed: int
    replications: int
    standing: Standing
    records: Sequence[Record]
    wall_s: float
    folder: Path | None


def ground_of(scenario: Scenario, *, threads: int | None = None) -> Ground:
    """Return the geometry of a scenario with a campaign; raise InputError if it has none."""
    if scenario.campaign is None:
        raise InputError(
            Mistake("", 0, 0, f"the scenario '{scenario.name}' has no campaign", "add campaign: {nights: 90, ...}")
        )
    night = prepare_night(scenario, threads=threads or os.cpu_count() or 1)
    if night.aftermath is not None:  # outages last over nights: the campaign counts them itself
        crowd = night.aftermath.crowd
        night = replace(night, aftermath=replace(night.aftermath, works=None) if crowd is not None else None)
    return Ground(scenario, night)


def campaign(
    scenario: Scenario,
    replications: int = 1_000,
    seed: int = 1,
    *,
    threads: int | None = None,
    out: Path | None = None,
    plan: Campaign | None = None,
    ground: Ground | None = None,
    progress: Progress | None = None,
) -> Played:
    """Play a scenario's campaign and return what came of it.

    Parameters
    ----------
    scenario : from `shieldwall.load`, with a campaign
    replications : how many campaigns, each with its own luck
    seed : the same seed gives the same bytes on any number of threads
    threads : how many to use (default: all processors)
    out : a folder; a campaign broken off there goes on where it stopped
    plan : another campaign on the same ground, such as `one_more_line`
    ground : from `ground_of`, when several campaigns share it
    progress : called with (nights done, nights in all)

    Raises
    ------
    InputError
        If the scenario has no campaign, or a number is out of range.
    StoreError
        If `out` holds another campaign or cannot be written.
    """
    started = time.perf_counter()
    checked("replications", replications, 1, MOST_REPLICATIONS)
    checked("seed", seed, 0, 2**64 - 1)
    checked("threads", threads or 1, 1, 1_024)
    ground = ground or ground_of(scenario, threads=threads)
    wanted = plan or scenario.campaign
    assert wanted is not None
    layout = layout_of(scenario, wanted, ground.night.tables, ground.night.roster)
    identity = Identity(
        shieldwall.__version__, scenario.name, _hash(scenario, plan), scenario.catalogue_hash, seed, replications,
        wanted.nights,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="shieldwall-campaign-") as elsewhere:
        folder = begin(out or Path(elsewhere) / "campaign", identity)
        night, standing = folder.standing() or (0, _first_evening(layout, wanted, replications, seed))
        with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
            play = _player(ground, seed, replications, pool)
            records = folder.records(night)
            records += _nights(night, layout, wanted, standing, seed, play, folder, progress)
    wall_s = time.perf_counter() - started
    return Played(scenario, wanted, layout, seed, replications, standing, records, wall_s, out)


def one_more_line(plan: Campaign, line: str) -> Campaign:
    """Return the plan with a second line like one it has, and with it every order placed there a second time.

    Raises
    ------
    InputError
        If there is no such line.
    """
    found = next((known for known in plan.lines if known.id == line), None)
    if found is None:
        cure = nearest(line, [known.id for known in plan.lines])
        raise InputError(Mistake("", 0, 0, f"the campaign has no line '{line}'", cure))
    more = replace(found, id=f"{line}/2")
    orders = [replace(o, id=f"{o.id}/2", line=more.id) for o in plan.orders if o.line == line]
    rules = [replace(r, id=f"{r.id}/2", line=more.id) for r in plan.reorders if r.line == line]
    return replace(
        plan,
        lines=(*plan.lines, more),
        orders=(*plan.orders, *orders),
        reorders=(*plan.reorders, *rules),
    )


def _first_evening(layout: Layout, plan: Campaign, replications: int, seed: int) -> Standing:
    return first_evening(layout, plan, replications, *arsenal_of(layout, plan, seed, replications))


def _nights(
    done: int, layout: Layout, plan: Campaign, standing: Standing, seed: int, play: Play, folder: CampaignFolder,
    progress: Progress | None,
) -> list[Record]:  # fmt: skip
    """Play the nights that are missing and return them; keep how things stand every few seconds and at the end."""
    records: list[Record] = []
    kept_at, reserve = time.monotonic(), reserve_of(layout, plan)
    if progress is not None:
        progress(done, plan.nights)
    for night in range(done + 1, plan.nights + 1):
        records.append(play_night(night, layout, plan, standing, seed, play, reserve))
        folder.record(night, records[-1])
        if night == plan.nights or time.monotonic() - kept_at > _KEEP_EVERY_S:
            folder.keep(night, standing)
            kept_at = time.monotonic()
        if progress is not None:
            progress(night, plan.nights)
    return records


def _player(ground: Ground, seed: int, replications: int, pool: ThreadPoolExecutor) -> Play:
    """Return what plays a night's replications in blocks on threads; blocks do not depend on how many."""
    size = block_size(ground.night.roster)
    starts = range(0, replications, size)

    def play(first: int, opening: Opening) -> list[Block]:
        def block(at: int) -> Block:
            rows = Opening._make(array[at : at + size] for array in opening)
            return play_raid(ground.night, seed, first + at, rows.ready.shape[0], events=False, opening=rows)

        return list(pool.map(block, starts))

    return play


def _hash(scenario: Scenario, plan: Campaign | None) -> str:
    """Return the scenario's hash, with what another plan adds to it."""
    if plan is None or plan == scenario.campaign:
        return scenario.hash
    before = scenario.campaign
    more = [line.id for line in plan.lines if before is None or line not in before.lines]
    return f"{scenario.hash}+{','.join(more)}+{plan.stocks.rule}"
