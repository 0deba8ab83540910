"""The generator: published vectors, uniform draws, independence between actors, streams, indices and replications."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray
from scipy import stats

import shieldwall
from shieldwall.core import random
from shieldwall.core.errors import InputError
from shieldwall.core.random import actor_hash, draw, pair_actor, philox4x32
from shieldwall.engine import roster

FAIR = 6e-5
ONES = 0xFFFFFFFF

# Random123 1.14, tests/kat_vectors, philox4x32 10: counter, key, result.
# https://github.com/DEShawResearch/random123/blob/main/tests/kat_vectors
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@njit
def _philox(c: NDArray[np.uint64], k: NDArray[np.uint64]) -> tuple[int, int, int, int]:
    return philox4x32(c[0], c[1], c[2], c[3], k[0], k[1])


@njit
def _draws(keys: NDArray[np.uint64], out: NDArray[np.float64]) -> None:
    for i in range(keys.shape[0]):
        u = draw(keys[i, 0], keys[i, 1], keys[i, 2], keys[i, 3], keys[i, 4])
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = u.a, u.b, u.c, u.d


@njit
def _pairs(first: NDArray[np.uint64], second: NDArray[np.uint64], out: NDArray[np.uint64]) -> None:
    for i in range(first.shape[0]):
        for j in range(second.shape[0]):
            out[i, j] = pair_actor(first[i], second[j])


def plain(function: Callable[..., object]) -> Callable[..., object]:
    """Return the function without the compiler."""
    return getattr(function, "py_func", function)  # type: ignore[no-any-return]


def draws(**columns: object) -> NDArray[np.float64]:
    """Return draws (n, 4) for columns seed, replication, stream, actor, index, each a number or n of them."""
    given = {"seed": 1, "replication": 0, "stream": 1, "actor": actor_hash("x"), "index": 0} | columns
    keys = np.stack(np.broadcast_arrays(*(np.asarray(c, np.uint64) for c in given.values())), axis=-1)
    out = np.empty((keys.shape[0], 4))
    _draws(np.ascontiguousarray(keys.reshape(-1, 5)), out)
    return out


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_published_vectors(counter: tuple[int, ...], key: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert _philox(np.array(counter, np.uint64), np.array(key, np.uint64)) == expected
    words = [np.uint64(word) for word in (*counter, *key)]
    assert plain(philox4x32)(*words) == expected


def test_a_draw_is_philox_of_its_fields() -> None:
    """Key: the seed's halves. Counter: the actor's halves, the replication, stream and index in one word."""
    seed, replication, stream, actor, index = 0xA409382200000007, 9, 5, 0x0123456789ABCDEF, 0x00ABCDEF
    counter = np.array([0x89ABCDEF, 0x01234567, 9, 0x05ABCDEF], np.uint64)
    words = np.array(_philox(counter, np.array([7, 0xA4093822], np.uint64)), float)
    found = draws(seed=np.array([seed], np.uint64), replication=replication, stream=stream, actor=actor, index=index)
    assert found[0].tolist() == ((words + 0.5) / 2**32).tolist()


@pytest.mark.parametrize("field", ["seed", "replication", "index", "actor"])
def test_uniform_along_every_field(field: str) -> None:
    numbers = np.arange(20_000, dtype=np.uint64)
    if field == "actor":
        numbers = np.array([actor_hash(f"raid/{i}") for i in range(20_000)], np.uint64)
    found = draws(**{field: numbers})
    assert found.min() > 0.0
    assert found.max() < 1.0
    for word in range(4):
        assert stats.kstest(found[:, word], "uniform").pvalue > FAIR
        counts = np.bincount((found[:, word] * 64).astype(int), minlength=64)
        assert stats.chisquare(counts).pvalue > FAIR


@pytest.mark.parametrize("field", ["seed", "replication", "index", "actor", "stream"])
def test_neighbours_are_independent(field: str) -> None:
    """Pairs of draws whose fields differ by one: even over a 16 x 16 grid, and so are the words of one draw."""
    bits = np.arange(1, 21, dtype=np.uint64) if field == "stream" else np.arange(1_000, dtype=np.uint64)
    replications = np.arange(20_000 // bits.size, dtype=np.uint64)
    varied = {"replication": np.tile(replications, bits.size), field: np.repeat(bits, replications.size)}
    if field == "replication":
        varied = {"actor": np.tile(replications, bits.size), field: np.repeat(bits, replications.size)}
    even = {name: column[varied[field] % 2 == 0] for name, column in varied.items()}
    one, next_to = draws(**even), draws(**(even | {field: even[field] + np.uint64(1)}))
    for x, y in ((one[:, 0], next_to[:, 0]), (one[:, 0], one[:, 1]), (one[:, 2], one[:, 3])):
        grid = np.bincount((x * 16).astype(int) * 16 + (y * 16).astype(int), minlength=256)
        assert stats.chisquare(grid).pvalue > FAIR


def test_pair_actors_are_distinct_and_their_draws_independent() -> None:
    threats = np.array([actor_hash(f"raid/{i}") for i in range(300)], np.uint64)
    sensors = np.array([actor_hash(f"unit-{i}/radar") for i in range(300)], np.uint64)
    pairs = np.empty((300, 300), np.uint64)
    _pairs(threats, sensors, pairs)
    others = np.concatenate([pairs.ravel(), threats, sensors])
    assert np.unique(others).size == others.size
    back = np.empty((300, 300), np.uint64)
    _pairs(sensors, threats, back)
    assert np.intersect1d(pairs, back).size == 0
    found = draws(actor=pairs.ravel())[:, 0].reshape(300, 300)
    assert stats.kstest(found.ravel(), "uniform").pvalue > FAIR
    # means over one threat, or over one sensor, scatter as those of independent numbers do
    for axis in (0, 1):
        assert stats.kstest((found.mean(axis=axis) - 0.5) * np.sqrt(12 * 300), "norm").pvalue > FAIR


def test_compiled_and_plain_are_the_same_bits() -> None:
    for entity in ("a", "unit/radar", "raid/499"):
        fields = [np.uint64(word) for word in (2**63 + 5, 7, 6, actor_hash(entity), 130)]
        compiled = draws(seed=fields[0], replication=7, stream=6, actor=fields[3], index=130)[0]
        assert tuple(plain(draw)(*fields)) == tuple(compiled)  # type: ignore[arg-type]


def test_streams_are_numbered_once() -> None:
    names = ("LAUNCH", "FAILURE", "SOFT_KILL", "DETECTION", "COMMAND", "KILL", "IMPACT", "AVAILABILITY")
    numbers = [int(getattr(random, name)) for name in names]
    assert len(set(numbers)) == len(names)
    assert max(numbers) < 2**8


def test_actor_is_the_published_hash_of_its_id() -> None:
    """BLAKE2b-64 of "", little endian, computed with `b2sum -l 64`: e4a6a0577479b2b4."""
    assert actor_hash("") == int.from_bytes(bytes.fromhex("e4a6a0577479b2b4"), "little")


def test_a_collision_of_actors_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "actor_hash", len)
    with pytest.raises(InputError, match=r"'cd' and 'ab' share one 64-bit actor; rename one of them"):
        roster.actors_of(("a", "ab", "cd"))


def test_the_same_id_twice_is_one_actor() -> None:
    assert roster.actors_of(("a", "a")) == [actor_hash("a")] * 2


def test_threats_of_a_scenario_have_their_own_actors() -> None:
    scenario = shieldwall.load(Path(__file__).resolve().parents[2] / "scenarios" / "one-battery")
    names = roster.roster_of(replace(scenario), ()).threat
    assert len(set(roster.actors_of(names))) == len(names)
