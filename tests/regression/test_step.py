"""A raid taken step by step is the raid of a run, event for event; an opening is where the night begins."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

import shieldwall
from shieldwall.engine.play import play_one_block
from shieldwall.engine.simulate import prepare
from shieldwall.engine.step import advance_raid, begin_raid, finish_raid
from shieldwall.results.row import Block, Cause, Fate, Roster
from shieldwall.tables import Opening, Tables


@pytest.fixture(scope="module")
def battle() -> tuple[Tables, Roster]:
    return prepare(shieldwall.load("one-battery"))


def same(one: Block, other: Block) -> bool:
    """Return whether two blocks hold the same bytes."""
    names = [field.name for field in fields(Block)]
    return all(np.asarray(getattr(one, n)).tobytes() == np.asarray(getattr(other, n)).tobytes() for n in names)


def as_it_stands(tables: Tables, size: int) -> Opening:
    """Return the opening that changes nothing."""
    flying = np.diff(tables.salvos.threat_first)

    def rows(values: object) -> np.ndarray:
        return np.tile(np.asarray(values), (size, 1))

    return Opening(
        ready=rows(tables.weapons.ready_rounds),
        reserve=rows(tables.weapons.reserve_rounds),
        unit_out=np.zeros((size, tables.fire_units.shape[0] - 1), np.bool_),
        sensor_out=np.zeros((size, tables.sensors.shape[0]), np.bool_),
        remaining=np.ones((size, tables.targets.shape[0])),
        flying=rows(flying),
    )


@pytest.mark.parametrize("step_s", [7.0, 600.0, np.inf])
def test_steps_give_the_bytes_of_a_run(battle: tuple[Tables, Roster], step_s: float) -> None:
    tables, _ = battle
    raid = begin_raid(tables, 5, 3, events=True)
    now_s, due_s = 0.0, advance_raid(raid, -np.inf)
    while np.isfinite(due_s):
        now_s = max(now_s + step_s, due_s)
        due_s = advance_raid(raid, now_s)
    assert same(finish_raid(raid), play_one_block(tables, 5, 3, 1, events=True))


def test_hold_for_good_lets_everything_through_and_says_why(battle: tuple[Tables, Roster]) -> None:
    tables, _ = battle
    raid = begin_raid(tables, 5, 3)
    raid.tables.command[0].hold = 1
    block = finish_raid(raid)
    assert block.fired.sum() == 0
    assert (block.cause[np.isin(block.fate, [Fate.LEAKED_HIT, Fate.LEAKED_MISSED])] == Cause.HELD_BY_RULES).any()
    assert tables.command[0].hold == 0  # the scenario's own rules stay as they are


def test_freed_after_a_hold_the_battery_looks_again(battle: tuple[Tables, Roster]) -> None:
    tables, _ = battle
    free = play_one_block(tables, 5, 3, 1, events=True)
    first_track_s = np.nanmin(free.first_track_s)
    raid = begin_raid(tables, 5, 3, events=True)
    raid.tables.command[0].hold = 1
    freed_s = first_track_s + 120.0
    advance_raid(raid, freed_s)
    raid.tables.command[0].hold = 0
    advance_raid(raid, np.inf, look_again_s=freed_s)
    block = finish_raid(raid)
    fired_s = block.event_time_s[block.event_kind == 3]
    assert fired_s.size > 0
    assert fired_s.min() >= freed_s


def test_an_opening_that_changes_nothing_changes_nothing(battle: tuple[Tables, Roster]) -> None:
    tables, _ = battle
    opened = play_one_block(tables, 5, 8, 4, events=True, opening=as_it_stands(tables, 4))
    assert same(opened, play_one_block(tables, 5, 8, 4, events=True))


def test_an_opening_sets_rounds_losses_and_raid_for_each_night(battle: tuple[Tables, Roster]) -> None:
    tables, _ = battle
    opening = as_it_stands(tables, 4)
    opening.ready[0], opening.reserve[0] = 0, 0
    opening.unit_out[1] = True
    opening.flying[2] = 1
    block = play_one_block(tables, 5, 8, 4, events=False, opening=opening)
    assert block.fired[0].sum() == 0
    assert block.fired[1].sum() == 0
    assert (block.fate[2] != Fate.ABORTED).sum() <= tables.salvos.shape[0] - 1
    usual = play_one_block(tables, 5, 8, 4, events=False)
    assert same_row(block, usual, 3)


def same_row(one: Block, other: Block, r: int) -> bool:
    """Return whether replication r of two blocks has the same fates, ends and rounds."""
    return all(np.array_equal(getattr(one, name)[r], getattr(other, name)[r]) for name in ("fate", "end_s", "fired"))
