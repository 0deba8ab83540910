"""What money can do: the best to be had for each sum, beside so many times of everything, and where choices tip.

One purse and no years: everything that is bought stands. The response of the plan's options is fitted as for a plan;
what is found at each sum joins the fit once, and every point is simulated on fresh luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shieldwall.planner.planning import FRESH, Wanted
from shieldwall.planner.portfolio import Money, Option, Problem, Response, sample_chance
from shieldwall.planner.program import solve
from shieldwall.planner.purchases import Ground, money_of, options_of, scenario_with
from shieldwall.planner.response import Simulator, Stands, Table, stands_of, table

Float = NDArray[np.float64]
Progress = Callable[[int, int], None]

MULTIPLES = (1, 4, 5)
_POINTS = 8
_FACTORS = (1.0 / 8.0, 8.0)
_STEPS = 7
_RAID_FACTORS = (0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Point:
    """The best for a sum: what stands, what it costs to buy, what the response says and what is simulated (K,)."""

    label: str
    money_usd: int
    spent_usd: int
    stands: Stands | None
    response: float | None
    simulated: dict[str, Float]


@dataclass(frozen=True, slots=True)
class Tip:
    """Where a choice changes: at which factor (or share of the way to `towards`), from what to what; None: nowhere."""

    what: str
    towards: str
    at: float | None
    before: Stands
    after: Stands | None


@dataclass(frozen=True, slots=True)
class Frontier:
    """Points in order of money, marked multiples beside the same money spent best, tipping points; samples' weights."""

    ground: Ground
    points: tuple[Point, ...]
    marks: tuple[tuple[Point, Point], ...]
    reference_usd: int
    tips: tuple[Tip, ...]
    chance: Float


def frontier(
    ground: Ground, wanted: Wanted, *, money_usd: int | None = None, tips: bool = True,
    progress: Progress | None = None,
) -> Frontier:  # fmt: skip
    """Return the frontier of a plan's options.

    Parameters
    ----------
    money_usd : the sum at which tipping points are looked for; a quarter of the price of all options if not given
    """
    simulator = Simulator(ground, wanted.replications, wanted.seed, wanted.threads)
    fresh = Simulator(ground, wanted.replications, wanted.seed + FRESH, wanted.threads)
    cases = table(simulator, progress)
    options, _ = options_of(ground, money_of(ground))
    whole = sum(int(option.price_usd.sum()) * option.most for option in options)
    multiples = [(k, *fresh.times(k)) for k in MULTIPLES]
    sums = sorted({*(round(whole * share) for share in np.linspace(0.0, 1.0, _POINTS)), *(m[1] for m in multiples)})
    for usd in sums:
        cases.plans.append(best_for(purse(ground, options, cases.response(), usd), wanted))
    response = cases.response()
    found = {usd: _point(ground, options, response, usd, wanted, fresh) for usd in sums}
    marks = tuple(
        (Point(f"x{k}", usd, usd, None, None, simulated), replace(found[usd], label=f"the money of x{k}, spent best"))
        for k, usd, simulated in multiples
    )
    reference = round(whole / 4) if money_usd is None else money_usd
    looked: tuple[Tip, ...] = ()
    if tips:
        base = purse(ground, options, response, reference)
        looked = (*price_tips(base, wanted), *_other_tips(ground, cases, base, wanted))
    return Frontier(ground, tuple(found[usd] for usd in sums), marks, reference, looked, sample_chance(response))


def purse(ground: Ground, options: Sequence[Option], response: Response, usd: int) -> Problem:
    """Return the problem of spending one sum on what then stands: no years, no nations, no floors, no makers."""
    single = tuple(
        Option(o.id, np.array([o.price_usd.sum()], np.int64), np.zeros(1, np.int64), 0, o.most, o.most, item=o.item)
        for o in options
    )
    money = Money(("all",), (ground.plan.years[1],), np.array([[usd]], np.int64), np.zeros(1, np.int64))
    return Problem(single, money, response, np.ones(1), ground.plan.objective, ground.plan.tail)


def best_for(problem: Problem, wanted: Wanted) -> Stands:
    """Return what stands where one sum is spent best."""
    found = solve(problem, seconds=wanted.seconds, gap=min(wanted.gap, 1e-4))
    return tuple(found.orders[:, 0].tolist())


def _point(
    ground: Ground, options: Sequence[Option], response: Response, usd: int, wanted: Wanted, fresh: Simulator
) -> Point:
    problem = purse(ground, options, response, usd)
    found = solve(problem, seconds=wanted.seconds, gap=min(wanted.gap, 1e-4))
    stands = tuple(found.orders[:, 0].tolist())
    spent = sum(n * int(option.price_usd[0]) for n, option in zip(stands, problem.options, strict=True))
    return Point("", usd, spent, stands, found.objective, fresh.play(stands))


def price_tips(problem: Problem, wanted: Wanted) -> list[Tip]:
    """Return for each option the nearest dearer and cheaper price at which another number of it is bought."""
    before = best_for(problem, wanted)
    found = []
    for o, option in enumerate(problem.options):
        for end in _FACTORS:

            def bought(share: float, o: int = o, end: float = end) -> Stands:
                return best_for(_dearer(problem, o, end**share), wanted)

            share, after = _first_change(bought, lambda stands, o=o: stands[o] != before[o])  # type: ignore[misc]
            at = None if share is None else end**share
            found.append(Tip(f"price of {option.id}", "dearer" if end > 1 else "cheaper", at, before, after))
    return found


def _dearer(problem: Problem, o: int, factor: float) -> Problem:
    price = np.array([round(int(problem.options[o].price_usd[0]) * factor)], np.int64)
    options = list(problem.options)
    options[o] = replace(options[o], price_usd=price)
    return replace(problem, options=tuple(options))


def _first_change(
    choice: Callable[[float], Stands], changed: Callable[[Stands], bool]
) -> tuple[float | None, Stands | None]:
    """Return about the least share of the way at which the choice has changed, by bisection; None if not at the end."""
    after = choice(1.0)
    if not changed(after):
        return None, None
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        found = choice(middle)
        if changed(found):
            high, after = middle, found
        else:
            low = middle
    return high, after


def _other_tips(ground: Ground, cases: Table, base: Problem, wanted: Wanted) -> list[Tip]:
    """Return where all kill probabilities, or the size of the raids, tip the choice.

    The response at the end of each range is played for each option alone; between, it is interpolated.
    """
    before = best_for(base, wanted)
    effectors = sorted({w.effector.id for unit in ground.today.fire_units for w in unit.weapons})
    known = ground.catalogue.effectors
    figures = [f"effectors.{e}.kill_probability.{kind}" for e in effectors for kind in known[e].kill_probability]
    raids = [raid for _, _, raid in ground.raids]
    ends = [
        (
            "kill probabilities",
            f"the {end} end of every range",
            [(*raid, *(f"{f}={end}" for f in figures)) for raid in raids],
        )
        for end in ("low", "high")
    ]
    ends += [
        ("size of the raids", f"x{factor:g}", [(*raid, *_resized(ground, raid, factor)) for raid in raids])
        for factor in _RAID_FACTORS
    ]
    found = []
    for what, towards, raids_then in ends:
        far = _response_at(ground, cases, base.response, raids_then)

        def chosen(share: float, far: Response = far) -> Stands:
            return best_for(replace(base, response=_between(base.response, far, share)), wanted)

        share, after = _first_change(chosen, lambda stands: stands != before)
        found.append(Tip(what, towards, share, before, after))
    return found


def _resized(ground: Ground, raid: tuple[str, ...], factor: float) -> tuple[str, ...]:
    """Return the settings that make every salvo of a raid `factor` times as large."""
    salvos = ground.file.load((*ground.settings, *raid)).salvos
    return tuple(f"raids.{salvo.id}.count={round(salvo.count * factor)}" for salvo in salvos)


def _response_at(ground: Ground, cases: Table, response: Response, raids: Sequence[tuple[str, ...]]) -> Response:
    """Return the response where each raid's settings are these: base and each option's most are played, shapes kept."""

    def play(case: dict[int, int]) -> Float:
        stands = stands_of(case, len(ground.plan.options))
        parts = [cases.simulator.of(scenario_with(ground, stands, raid)) for raid in raids]
        return np.concatenate([part[ground.plan.measure] for part in parts])

    base = play({})
    gains = []
    for o, gain in enumerate(response.gain):
        at_most = base - play({o: cases.most[o]})
        whole = gain[-1].mean()
        shape = gain.mean(axis=1) / whole if abs(whole) > 1e-9 else np.linspace(0.0, 1.0, gain.shape[0])
        gains.append(shape[:, None] * at_most[None, :])
    return replace(response, base=base, gain=tuple(gains))


def _between(first: Response, second: Response, share: float) -> Response:
    gain = tuple((1.0 - share) * a + share * b for a, b in zip(first.gain, second.gain, strict=True))
    return replace(first, base=(1.0 - share) * first.base + share * second.base, gain=gain)
