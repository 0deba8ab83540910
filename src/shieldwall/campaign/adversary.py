"""The adversary's side: what is in store, what a day adds, and how many of each salvo fly tonight.

When and how much comes is given: a written schedule, or raids by chance with sizes between two ends. Nothing here
chooses a target or looks for a better raid.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.layout import Layout
from shieldwall.campaign.luck import actors, uniforms
from shieldwall.campaign.shares import share_out
from shieldwall.campaign.standing import Standing
from shieldwall.core.random import ESTIMATE, RAID_SIZE
from shieldwall.scenario.campaign_types import Campaign, Estimate

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


def arsenal_of(layout: Layout, plan: Campaign, seed: int, replications: int) -> tuple[Int, Float]:
    """Return what is in store on the first night and what a day adds, each (R, K), by the plan's estimates.

    Sampled estimates are drawn once for each replication and kind of threat, triangular from low over central to high.
    """
    numbers = np.arange(replications)
    first, second = uniforms(seed, numbers, ESTIMATE, actors(f"arsenal/{name}" for name in layout.threats), 0)
    stock, output = np.zeros(first.shape), np.zeros(first.shape)
    for k, name in enumerate(layout.threats):
        stock[:, k] = _estimate(plan, plan.adversary.stock.get(name), first[:, k])
        output[:, k] = _estimate(plan, plan.adversary.daily_output.get(name), second[:, k])
    return np.rint(stock).astype(np.int64), output


def _estimate(plan: Campaign, estimate: Estimate | None, u: Float) -> Float:
    if estimate is None:
        return np.zeros_like(u)
    if plan.adversary.estimates != "sampled":
        return np.full_like(u, getattr(estimate, plan.adversary.estimates))
    return triangular(estimate, u)


def triangular(estimate: Estimate, u: Float) -> Float:
    """Return the quantile at `u` of the triangular distribution from low over central to high."""
    low, top, high = estimate.low, estimate.central, estimate.high
    if high <= low:
        return np.full_like(u, top)
    turn = (top - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (top - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - top))
    return np.where(u < turn, rising, falling)


def build(night: int, standing: Standing) -> None:
    """Add a day's output to the arsenal: floor(rate x nights) less what came before, so that no fraction is lost."""
    rate = standing.daily_output
    made = np.floor(rate * night + 1e-9).astype(np.int64) - np.floor(rate * (night - 1) + 1e-9).astype(np.int64)
    standing.arsenal += made
    standing.built += made


def flying(night: int, layout: Layout, plan: Campaign, seed: int, standing: Standing) -> Int:
    """Return how many of each salvo fly tonight, (R, S), and take them from the arsenal.

    Where a kind of threat is short, its salvos get shares of what is there in proportion to their sizes.
    """
    replications = standing.arsenal.shape[0]
    wanted = _wanted(night, layout, plan, seed, replications)
    for k in range(len(layout.threats)):
        columns = layout.salvo_kind == k
        wanted[:, columns] = share_out(standing.arsenal[:, k], wanted[:, columns])
        flown = wanted[:, columns].sum(axis=1)
        standing.arsenal[:, k] -= flown
        standing.launched[:, k] += flown
    return wanted


def _wanted(night: int, layout: Layout, plan: Campaign, seed: int, replications: int) -> Int:
    numbers = np.arange(replications)
    size, _ = uniforms(seed, numbers, RAID_SIZE, actors(f"campaign/size/{name}" for name in layout.salvos), night)
    wanted = np.zeros((replications, len(layout.salvos)), np.int64)
    for mix, comes in zip(plan.mixes, _mixes_tonight(night, plan, seed, numbers), strict=True):
        if not comes.any():
            continue
        for salvo, (least, most) in mix.sizes.items():
            if salvo not in layout.salvos:
                continue  # an agreed limit left none of it
            s = layout.salvos.index(salvo)
            drawn = least + np.floor(size[:, s] * (most - least + 1)).astype(np.int64)
            wanted[:, s] += np.where(comes, np.minimum(drawn, most), 0)
    return np.minimum(wanted, layout.salvo_count)


def _mixes_tonight(night: int, plan: Campaign, seed: int, numbers: Int) -> list[Bool]:
    """Return, for each mix, in which replications it comes tonight, each (R,)."""
    if plan.process is None:
        tonight = {s.mix for s in plan.schedule if s.first <= night <= s.last and (night - s.first) % s.every == 0}
        return [np.full(numbers.shape[0], mix.id in tonight) for mix in plan.mixes]
    chance, choice = uniforms(seed, numbers, RAID_SIZE, actors(["campaign/process"]), night)
    weights = np.array([plan.process.weights.get(mix.id, 0.0) for mix in plan.mixes])
    ends = np.cumsum(weights) / weights.sum()
    ends[-1] = 1.0
    chosen = np.searchsorted(ends, choice[:, 0], side="right")
    return [(chance[:, 0] < plan.process.chance) & (chosen == i) for i in range(len(plan.mixes))]
