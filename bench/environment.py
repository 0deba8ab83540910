"""Steps per second of the learning environment beside the same raid stepped in plain Python, and what policies get.

python -m bench.environment [--seconds S]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from bench.peers.plain_env import PlainRaidEnv
from bench.peers.simpy_raid import plan_of

import shieldwall
from shieldwall.environment import RaidEnv, Raids, RaidVectorEnv
from shieldwall.environment.dynamic_programme import best_policy, solve
from shieldwall.environment.policies import greedy, nothing, returns

NIGHT, INTERVAL_S, SIDE_BY_SIDE = "night-2025-06-09", 300.0, 64
SMALL, SMALL_INTERVAL_S, EPISODES = "holding-fire", 1_800.0, 20_000


def main() -> None:
    """Print scores, steps per second side by side, and the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    _print_scores()
    scenario = shieldwall.load(NIGHT)
    many, one = RaidVectorEnv(SIDE_BY_SIDE, scenario, INTERVAL_S), RaidEnv(scenario, INTERVAL_S)
    plain = PlainRaidEnv(plan_of(one.raids.tables), one.raids.choices.begin_s, INTERVAL_S)
    free = greedy(one.raids.choices)(np.zeros((1, 1), np.float32), np.zeros(1, np.int64))[0]
    rates: dict[str, list[float]] = {"many": [], "one": [], "plain": []}
    for turn in range(3):
        rates["many"].append(_vector_rate(many, np.tile(free, (SIDE_BY_SIDE, 1)), seconds / 3.0, turn))
        rates["one"].append(_rate(one, free, seconds / 3.0))
        rates["plain"].append(_rate(plain, 1, seconds / 3.0))
    lengths = {name: _episode_steps(env, action) for name, env, action in (("one", one, free), ("plain", plain, 1))}
    print(f"steps a raid: {lengths['one']} here, where idle intervals are passed over; {lengths['plain']} in the peer")
    print(f"{NIGHT}, a decision every {INTERVAL_S:.0f} s, steps a second of one core, median of 3 turns")
    for name, words in (("many", f"{SIDE_BY_SIDE} raids in one call"), ("one", "one raid"), ("plain", "SimPy raid")):
        print(f"  {words:24} {np.median(rates[name]):12,.0f}")
    longer = lengths["plain"] / lengths["one"]  # so that the same raids are compared, not empty steps
    ratios = [longer * a / b for a, b in zip(rates["many"], rates["plain"], strict=True)]
    print(f"bench env_steps_per_s {np.median(rates['many']):.0f}")
    print(f"bench env_ratio {np.median(ratios):.1f}")
    print(f"bench env_single_ratio {longer * np.median(rates['one']) / np.median(rates['plain']):.1f}")


def _print_scores() -> None:
    raids = Raids.of(shieldwall.load(SMALL), 500, SMALL_INTERVAL_S)
    programme = solve(raids)
    rules = {
        "nothing": nothing(raids.choices),
        "greedy": greedy(raids.choices),
        "dynamic programming": best_policy(raids.choices, programme, SMALL_INTERVAL_S),
    }
    print(f"{SMALL}: mean return of {EPISODES:,} raids; the programme itself says {-programme.lost[0, -1]:.3f}")
    for name, policy in rules.items():
        got = returns(raids, policy, 1, EPISODES)
        print(f"  {name:24} {got.mean():9.3f} +- {1.96 * got.std(ddof=1) / EPISODES**0.5:.3f}")


def _episode_steps(env: RaidEnv | PlainRaidEnv, action: object) -> int:
    env.reset(seed=1)
    steps = 1
    while not env.step(action)[2]:  # type: ignore[arg-type]
        steps += 1
    return steps


def _rate(env: RaidEnv | PlainRaidEnv, action: object, seconds: float) -> float:
    env.reset(seed=1)
    steps, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        _, _, over, _, _ = env.step(action)  # type: ignore[arg-type]
        steps += 1
        if over:
            env.reset()
    return steps / (time.process_time() - began)


def _vector_rate(env: RaidVectorEnv, actions: np.ndarray, seconds: float, seed: int) -> float:
    env.reset(seed=seed)
    env.step(actions)
    steps, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        env.step(actions)
        steps += env.num_envs
    return steps / (time.process_time() - began)


if __name__ == "__main__":
    main()
