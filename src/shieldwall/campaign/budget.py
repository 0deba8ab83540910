"""Budgets by nation and year on the path from today to 3.5 + 1.5 % of gross domestic product, in whole dollars.

    gdp(y)   = gdp * (1 + growth) ** (y - price_year)                         dollars of the price year
    core(y)  = gdp(y) * [s0 + (max(s0, target) - s0) * (y - y0) / (y1 - y0)]  and constant shares after y1
    iamd(y)  = core(y) * share of core + related(y) * share of related

with s0 the share estimated for the base year y0 and y1 the target year. A nation above the target keeps its share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.money import BUDGET, discount_factors
from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.records import Nation
from shieldwall.catalogue.resources import BudgetRecord
from shieldwall.catalogue.sourced import Figure
from shieldwall.core.errors import InputError, Mistake, nearest

Int = NDArray[np.int64]
Float = NDArray[np.float64]
End = Literal["low", "central", "high"]
Path = Literal["pledge", "hold"]
TOLERANCE = 0.06


@dataclass(frozen=True, slots=True)
class Budgets:
    """Money by nation and year; every array (N, Y); money int64, whole dollars of `price_year`.

    core_usd = iamd_core_usd + the rest of core; related_usd likewise; iamd_usd = iamd_core_usd + iamd_related_usd.
    Shares are of gross domestic product. `discount` (Y,): what a dollar of each year is worth in `base_year`.
    """

    nations: tuple[str, ...]
    names: tuple[str, ...]
    years: tuple[int, ...]
    base_year: int
    price_year: int
    path: Path
    end: End
    gdp_usd: Int
    core_share: Float
    related_share: Float
    core_usd: Int
    related_usd: Int
    iamd_core_usd: Int
    iamd_related_usd: Int
    iamd_usd: Int
    discount_rate: float
    discount: Float

    def total(self) -> Int:
        """Return all nations' money for air and missile defence, int64 (Y,): the sum of theirs, to the dollar."""
        return np.asarray(self.iamd_usd.sum(axis=0), np.int64)

    def present_value(self) -> Float:
        """Return each nation's money for air and missile defence over all years in the base year's worth, (N,)."""
        return np.asarray(self.iamd_usd @ self.discount, np.float64)


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """A published total beside the sum over the catalogue's nations; `ratio` is ours over theirs."""

    name: str
    published: float
    ours: float
    unit: str

    @property
    def ratio(self) -> float:
        """Return ours over theirs."""
        return self.ours / self.published

    @property
    def holds(self) -> bool:
        """Return whether they agree within `TOLERANCE`: price bases and exchange rates differ by some per cent."""
        return abs(self.ratio - 1.0) <= TOLERANCE


def budgets(
    catalogue: Catalogue,
    nations: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
    *,
    path: Path = "pledge",
    end: End = "central",
    iamd_share_of_core: float | None = None,
    iamd_share_of_related: float | None = None,
) -> Budgets:
    """Return what nations can spend, by year.

    Parameters
    ----------
    catalogue : as loaded; figures may have been overridden
    nations : two-letter ids in any order; all members of the alliance if not given
    years : base year to target year if not given
    path : "pledge", to 3.5 + 1.5 % by the target year; "hold", the base year's shares for ever
    end : every figure at this end of its range (growth, product, shares); "central" for the values
    iamd_share_of_core, iamd_share_of_related : the stated assumption; the catalogue's if not given

    Raises
    ------
    InputError
        If a nation is not in the catalogue, named twice, or has no share for the base year; if a share is none.
    """
    record = catalogue.budget[BUDGET]
    ids = tuple(record.members if nations is None else nations)
    when = tuple(range(record.base_year, record.target_year + 1) if years is None else years)
    members = _members(catalogue, ids)
    shares = [
        _share("iamd_share_of_core", iamd_share_of_core, record.iamd_share_of_core, end),
        _share("iamd_share_of_related", iamd_share_of_related, record.iamd_share_of_related, end),
    ]
    gdp = np.array([_gdp(m, record, when, end) for m in members], np.float64).reshape(len(ids), len(when))
    today = np.array([_at(_share_today(m), end) for m in members])
    core = _path(today, _at(record.core_target, end), record, when, path)
    related = _path(
        np.full(len(ids), _at(record.related_today, end)), _at(record.related_target, end), record, when, path
    )
    core_usd, related_usd = _whole(gdp * core), _whole(gdp * related)
    iamd_core, iamd_related = _whole(core_usd * shares[0]), _whole(related_usd * shares[1])
    return Budgets(
        nations=ids,
        names=tuple(m.name for m in members),
        years=when,
        base_year=record.base_year,
        price_year=record.price_year,
        path=path,
        end=end,
        gdp_usd=_whole(gdp),
        core_share=core,
        related_share=related,
        core_usd=core_usd,
        related_usd=related_usd,
        iamd_core_usd=iamd_core,
        iamd_related_usd=iamd_related,
        iamd_usd=iamd_core + iamd_related,
        discount_rate=record.discount_rate.si,
        discount=discount_factors(when, record.discount_rate.si, record.base_year),
    )


def check_totals(catalogue: Catalogue) -> tuple[TotalCheck, ...]:
    """Return published totals of the base year beside the sums over the catalogue's members.

    The published amounts are at other prices and exchange rates than ours, so shares and ratios are compared too:
    they do not depend on the basis.
    """
    record = catalogue.budget[BUDGET]
    now = budgets(catalogue, years=[record.base_year])
    spent = {nation: int(now.core_usd[n, 0]) for n, nation in enumerate(now.nations)}
    us, others = spent["US"], sum(spent.values()) - spent["US"]
    totals = record.checks
    return (
        TotalCheck(
            "core share of all members", totals.mean_share.si, (us + others) / int(now.gdp_usd.sum()), "fraction"
        ),
        TotalCheck("United States", totals.united_states.si, us, "USD"),
        TotalCheck("Europe and Canada", totals.europe_and_canada.si, others, "USD"),
        TotalCheck(
            "Europe and Canada for each dollar of the United States, constant prices",
            totals.europe_and_canada_constant.si / totals.united_states_constant.si,
            others / us,
            "fraction",
        ),
    )


def _members(catalogue: Catalogue, ids: tuple[str, ...]) -> list[Nation]:
    mistakes = [
        Mistake("", 0, 0, f"'{nation}' is not among the catalogue's nations", nearest(nation, catalogue.nations))
        for nation in ids
        if nation not in catalogue.nations
    ]
    mistakes += [
        Mistake("", 0, 0, f"'{nation}' is named twice", "name each nation once")
        for nation in sorted({n for n in ids if ids.count(n) > 1})
    ]
    if mistakes:
        raise InputError(mistakes)
    return [catalogue.nations[nation] for nation in ids]


def _share_today(nation: Nation) -> Figure:
    """Return the share estimated for the base year, else the last reported."""
    return nation.defence_share if nation.defence_share_2025 is None else nation.defence_share_2025


def _gdp(nation: Nation, record: BudgetRecord, years: Sequence[int], end: End) -> Float:
    after = np.asarray(years, np.float64) - record.price_year
    return np.asarray(_at(nation.gdp, end) * (1.0 + _at(record.growth, end)) ** after, np.float64)


def _path(today: Float, target: float, record: BudgetRecord, years: Sequence[int], path: Path) -> Float:
    """Return shares of gross domestic product (N, Y): a straight line to the target, then level."""
    span = record.target_year - record.base_year
    done = np.clip((np.asarray(years, np.float64) - record.base_year) / span, 0.0, 1.0)
    gap = np.maximum(target - today, 0.0) if path == "pledge" else np.zeros_like(today)
    return np.asarray(today[:, None] + gap[:, None] * done[None, :], np.float64)


def _share(name: str, given: float | None, figure: Figure, end: End) -> float:
    if given is None:
        return _at(figure, end)
    if not 0.0 <= given <= 1.0:
        raise InputError(Mistake("", 0, 0, f"{name} is {given:g}", "give a share from 0 to 1"))
    return given


def _at(figure: Figure, end: End) -> float:
    return {"low": figure.si_low, "central": figure.si, "high": figure.si_high}[end]


def _whole(amounts: NDArray[np.floating[Any]]) -> Int:
    return np.asarray(np.rint(amounts), np.int64)
