"""The learning environment: gymnasium's own check, one and many raids alike, the same raids as `simulate`."""

from __future__ import annotations

import numpy as np
import pytest

gymnasium = pytest.importorskip("gymnasium", reason="the extra 'environment' is not installed")

from gymnasium.utils.env_checker import check_env  # noqa: E402

import shieldwall  # noqa: E402
import shieldwall.environment  # noqa: E402
from shieldwall.catalogue.classes import THREAT_CLASSES  # noqa: E402
from shieldwall.engine.play import play_one_block  # noqa: E402
from shieldwall.environment import RaidEnv, Raids, RaidVectorEnv  # noqa: E402
from shieldwall.environment.choices import choices_of, keep_of  # noqa: E402
from shieldwall.environment.dynamic_programme import best_policy, solve  # noqa: E402
from shieldwall.environment.policies import greedy, nothing, returns  # noqa: E402
from shieldwall.results.row import Fate  # noqa: E402

INTERVAL_S = 1_800.0


@pytest.fixture(scope="module")
def many() -> Raids:
    return Raids.of(shieldwall.load("holding-fire"), 200, INTERVAL_S)


def test_gymnasium_finds_nothing_wrong() -> None:
    made = gymnasium.make("shieldwall/Raid-v0", scenario="holding-fire", interval_s=INTERVAL_S)
    check_env(made.unwrapped, skip_render_check=True)


def test_many_raids_are_as_one_and_a_seed_gives_them_again() -> None:
    one = RaidEnv("holding-fire", INTERVAL_S)
    several = RaidVectorEnv(3, "holding-fire", INTERVAL_S)
    for _ in range(2):
        shown, _ = several.reset(seed=9)
        rng = np.random.default_rng(5)
        chosen = rng.integers(0, several.single_action_space.nvec, (40, 3, several.single_action_space.nvec.size))
        kept = [shown]
        for k in range(8):
            shown, reward, over, _, _ = several.step(chosen[k])
            kept += [shown, reward, over]
        together = np.concatenate([np.asarray(part, np.float64).reshape(3, -1) for part in kept], axis=1)
        for r in range(3):
            shown, _ = one.reset(seed=9, options={"replication": r})
            own = [shown]
            for k in range(8):
                shown, value, is_over, _, _ = one.step(chosen[k, r])
                own += [shown, np.array([value]), np.array([is_over])]
            assert np.array_equal(np.concatenate([np.asarray(part, np.float64).ravel() for part in own]), together[r])


@pytest.mark.parametrize("name", ["holding-fire", "one-battery"])
def test_left_free_it_is_the_raid_of_a_run(name: str) -> None:
    raids = Raids.of(shieldwall.load(name), 50, INTERVAL_S)
    block = play_one_block(raids.tables._replace(keep=raids.choices.keep), 4, 0, 50, events=False)
    leaked = np.isin(block.fate, [Fate.LEAKED_HIT, Fate.LEAKED_MISSED])
    at_risk = np.where(leaked, raids.tables.flights.value_at_risk[block.path], 0.0).sum(axis=1)
    assert returns(raids, greedy(raids.choices), 4, 50) == pytest.approx(-at_risk, abs=1e-9)


def test_whoever_holds_fire_loses_all(many: Raids) -> None:
    everything = sum(
        tables.flights.value_at_risk[tables.salvos[s].path_first]
        * (tables.salvos[s + 1].threat_first - tables.salvos[s].threat_first)
        for tables in [many.tables]
        for s in range(tables.salvos.shape[0] - 1)
    )
    assert returns(many, nothing(many.choices), 1, 200) == pytest.approx(np.full(200, -everything))


def test_the_programme_foretells_what_its_policy_gets(many: Raids) -> None:
    programme = solve(many)
    got = returns(many, best_policy(many.choices, programme, INTERVAL_S), 3, 4_000)
    error = got.std(ddof=1) / 4_000**0.5
    assert abs(got.mean() + programme.lost[0, -1]) < 4.0 * error < 1.0
    assert got.mean() > returns(many, greedy(many.choices), 3, 4_000).mean() + 10.0 * error


def test_the_programme_is_no_worse_than_any_order_of_shots(many: Raids) -> None:
    """Brute force: with the luck of each shot averaged out, no fixed choice of which threats to shoot at beats it."""
    programme = solve(many)
    values = programme.lost[:-1, 0] - programme.lost[1:, 0]  # with no round left, each costs its value
    drone, missile = values[0], values[3]
    fixed = []
    for drones in range(7):
        missiles = min(6 - drones, 3)
        fixed.append(values.sum() - 0.7 * drone * drones - 0.6 * missile * missiles)
    assert programme.lost[0, -1] <= min(fixed) + 1e-9


def test_a_larger_case_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="more than one shot at a threat"):
        solve(Raids.of(shieldwall.load("one-battery"), 1, INTERVAL_S))


def test_what_a_choice_keeps_back() -> None:
    tables, _ = shieldwall.engine.simulate.prepare(shieldwall.load("holding-fire"))
    choices = choices_of(tables)
    drone, cruise = THREAT_CLASSES.index("drone"), THREAT_CLASSES.index("cruise")
    # drones free, missiles on hold; priority to missiles, half of the load kept for them
    keep = keep_of(choices, np.array([[1, 0, 1, 2, 0], [1, 1, 1, 3, 0]]))
    assert keep[0, 0, drone] == 3
    assert keep[0, 0, cruise] > 1_000_000
    assert keep[1, 0, drone] == 5  # three quarters of six, rounded up
    assert keep[1, 0, cruise] == 0
