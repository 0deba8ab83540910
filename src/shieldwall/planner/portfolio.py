"""What a plan decides and what it costs: options, nations' money, orders by year; every amount whole dollars.

Shapes: O options, N nations, Y years, K samples (a raid in a replication).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be ordered up to `most` times.

    Attributes
    ----------
    price_usd, operating_usd : int64, shape (N,), each nation's part of buying one, and of keeping it for a year
    lead_years : years from order to use: ordered in year y, it stands from year y + lead on
    per_year : the most that can be ordered in a year
    least, by : at least this many must stand by that year (index into the years)
    """

    id: str
    price_usd: Int
    operating_usd: Int
    lead_years: int
    most: int
    per_year: int
    least: int = 0
    by: int | None = None
    item: str = ""

    def due(self, years: int) -> int:
        """Return by which of so many years `least` must stand: the last if none is named."""
        return years - 1 if self.by is None else self.by


@dataclass(frozen=True, slots=True)
class Money:
    """Who can spend what when: `budget_usd` int64 (N, Y), what is left over is carried forward; `floor_usd` (N,)."""

    nations: tuple[str, ...]
    years: tuple[int, ...]
    budget_usd: Int
    floor_usd: Int


@dataclass(frozen=True, slots=True)
class Response:
    """What is left to happen as a function of what stands, for each sample.

    value_k(n) = base_k - sum_o gain[o][n_o]_k + sum_pairs cross_k (n_o / most_o) (n_q / most_q)

    Attributes
    ----------
    base : float64, shape (K,)
    gain : for each option float64, shape (most + 1, K), row 0 nothing
    pairs : (o, q) with o < q; cross : float64, shape (pairs, K)
    raid : int64, shape (K,), the raid of each sample; weight : float64, shape (raids,), how much each counts
    """

    base: Float
    gain: tuple[Float, ...]
    pairs: tuple[tuple[int, int], ...]
    cross: Float
    raid: Int
    weight: Float

    def samples(self, stands: Int) -> Float:
        """Return the value of each sample, shape (K,), where `stands` (O,) stand."""
        value = self.base - sum((gain[n] for gain, n in zip(self.gain, stands, strict=True)), np.zeros(self.base.size))
        for (o, q), cross in zip(self.pairs, self.cross, strict=True):
            value = value + cross * (stands[o] / (self.gain[o].shape[0] - 1)) * (
                stands[q] / (self.gain[q].shape[0] - 1)
            )
        return value


@dataclass(frozen=True, slots=True)
class Makers:
    """What the makers of one item deliver to the plan in a year: sum of size * orders over `options` <= `per_year`."""

    item: str
    options: tuple[int, ...]
    sizes: tuple[int, ...]
    per_year: int


@dataclass(frozen=True, slots=True)
class Problem:
    """All that an optimal plan depends on. `year_weight` (Y,), sum 1.

    objective: "mean" over samples, raids by weight; "worst" raid's mean; "cvar": mean of the worst (1 - tail) of all.
    """

    options: tuple[Option, ...]
    money: Money
    response: Response
    year_weight: Float
    objective: str = "mean"
    tail: float = 0.9
    makers: tuple[Makers, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where the money went; int64, each (N, Y): in, bought, kept, left at the end of the year."""

    budget_usd: Int
    bought_usd: Int
    kept_usd: Int
    left_usd: Int


def standing(problem: Problem, orders: Int) -> Int:
    """Return what stands in each year, int64 (O, Y), of orders (O, Y)."""
    stands = np.zeros_like(orders)
    for o, option in enumerate(problem.options):
        lead = option.lead_years
        if lead < orders.shape[1]:
            stands[o, lead:] = np.cumsum(orders[o, : orders.shape[1] - lead])
    return stands


def ledger(problem: Problem, orders: Int) -> Ledger:
    """Return the accounts of orders (O, Y): budget + left of last year = bought + kept + left, to the dollar."""
    price = np.stack([option.price_usd for option in problem.options])
    operating = np.stack([option.operating_usd for option in problem.options])
    bought = price.T @ orders
    kept = operating.T @ standing(problem, orders)
    budget = problem.money.budget_usd
    return Ledger(budget, bought, kept, np.cumsum(budget - bought - kept, axis=1))


def risk(problem: Problem, samples: Float) -> float:
    """Return the objective of one year's samples, shape (K,).

    References
    ----------
    [rockafellar2000] for the mean of the worst share of a distribution.
    """
    chance = sample_chance(problem.response)
    if problem.objective == "mean":
        return float(chance @ samples)
    if problem.objective == "worst":
        raids = range(problem.response.weight.size)
        return max(float(samples[problem.response.raid == r].mean()) for r in raids)
    order = np.argsort(-samples, kind="stable")
    share, left, total = 1.0 - problem.tail, 1.0 - problem.tail, 0.0
    for k in order.tolist():
        part = min(left, float(chance[k]))
        total += part * float(samples[k])
        left -= part
    return total / share


def told(values: Float, chance: Float) -> dict[str, float | tuple[float, float]]:
    """Return mean, standard error and 90 % band of samples (K,) that count `chance` (K,) each."""
    counted = values * chance * values.size
    low, high = np.quantile(values, (0.05, 0.95), weights=chance, method="inverted_cdf")
    error = float(counted.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else float("nan")
    return {"mean": float(counted.mean()), "se": error, "ci90": (float(low), float(high))}


def sample_chance(response: Response) -> Float:
    """Return how much each sample counts, float64 (K,), sum 1: its raid's weight shared among the raid's samples."""
    many = np.bincount(response.raid, minlength=response.weight.size)
    return np.asarray((response.weight / response.weight.sum() / many)[response.raid], np.float64)


def objective(problem: Problem, orders: Int) -> float:
    """Return the objective of orders (O, Y): that of each year, by the years' weights."""
    stands = standing(problem, orders)
    found: dict[tuple[int, ...], float] = {}
    total = 0.0
    for y, weight in enumerate(problem.year_weight.tolist()):
        key = tuple(stands[:, y].tolist())
        if key not in found:
            found[key] = risk(problem, problem.response.samples(stands[:, y]))
        total += weight * found[key]
    return total


def broken_rules(problem: Problem, orders: Int) -> list[str]:
    """Return the rules that orders (O, Y) break; none if the plan is allowed."""
    stands, broken = standing(problem, orders), []
    accounts = ledger(problem, orders)
    if (orders < 0).any():
        broken.append("an order is negative")
    for o, option in enumerate(problem.options):
        if orders[o].sum() > option.most:
            broken.append(f"{option.id}: more than {option.most}")
        if orders[o].max(initial=0) > option.per_year:
            broken.append(f"{option.id}: more than {option.per_year} in a year")
        due = option.due(orders.shape[1])
        if stands[o, due] < option.least:
            broken.append(f"{option.id}: fewer than {option.least}")
    broken += [
        f"{maker.item}: more than {maker.per_year} in a year"
        for maker in problem.makers
        if (np.array(maker.sizes) @ orders[list(maker.options)]).max(initial=0) > maker.per_year
    ]
    for n, nation in enumerate(problem.money.nations):
        if accounts.left_usd[n].min() < 0:
            broken.append(f"{nation}: overspent")
        if (accounts.bought_usd[n] + accounts.kept_usd[n]).sum() < problem.money.floor_usd[n]:
            broken.append(f"{nation}: below its floor")
    return broken
