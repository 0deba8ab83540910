"""Checks of a plan against the rest of its scenario; each is a named function that yields mistakes."""

from __future__ import annotations

from collections.abc import Iterator

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.core.errors import Mistake
from shieldwall.scenario.draft import Draft, Location
from shieldwall.scenario.plan_entry import OptionEntry, PlanEntry

_HERE = "plan"
PLACED = {"fire_units": "fire_units", "sensors": "sensors", "soft_kill": "soft_kill_zones"}
ROUNDS = "effectors"
ALL = "all"


def plan_mistakes(draft: Draft, catalogue: Catalogue) -> Iterator[Mistake]:
    """Yield what is wrong with a plan; nothing where there is none."""
    entry = draft.document.plan
    if entry is None:
        return
    yield from _nations(draft, entry, catalogue)
    yield from draft.repeated((_HERE, "options"), [option.id for option in entry.options])
    yield from draft.repeated((_HERE, "raids"), [raid.id for raid in entry.raids])
    for i, option in enumerate(entry.options):
        yield from _option(draft, entry, i, option, catalogue)


def group_of(catalogue: Catalogue, item: str) -> str | None:
    """Return the group of a thing that can be bought."""
    return next((group for group in (*PLACED, ROUNDS) if item in catalogue.entries(group)), None)


def _nations(draft: Draft, entry: PlanEntry, catalogue: Catalogue) -> Iterator[Mistake]:
    yield from draft.repeated((_HERE, "nations"), [nation.id for nation in entry.nations])
    many = entry.years[1] - entry.years[0] + 1
    for i, nation in enumerate(entry.nations):
        where = (_HERE, "nations", i)
        if nation.budget is None and nation.id not in catalogue.nations:
            yield draft.unknown((*where, "id"), nation.id, "nation", catalogue.nations)
        if nation.budget is not None and len(nation.budget) not in (1, many):
            what = f"{len(nation.budget)} amounts for {many} years"
            yield draft.mistake((*where, "budget"), what, "give one amount for every year, or one for all")


def _option(draft: Draft, entry: PlanEntry, i: int, option: OptionEntry, catalogue: Catalogue) -> Iterator[Mistake]:
    where = (_HERE, "options", i)
    nations = [nation.id for nation in entry.nations]
    if option.nation not in (*nations, ALL):
        yield draft.unknown((*where, "nation"), option.nation, "nation of the plan", [*nations, ALL])
    changes = bool(option.set) or option.add is not None
    if (option.buy is None) != changes:
        what = "nothing is bought" if not changes else "it both buys a thing and changes the scenario"
        yield draft.mistake(where, what, "give either buy: ID or set: {PATH: VALUE} and add: {LIST: [...]}")
        return
    if option.buy is not None:
        yield from _bought(draft, where, option, option.buy, catalogue)
    else:
        if option.cost is None:
            yield draft.mistake(where, "a change of the scenario has no price", "add cost: 250e6 USD")
        if option.most > 1:
            yield draft.mistake((*where, "most"), f"{option.most} times the same change", "write most: 1")
    if option.least > option.most:
        what = f"at least {option.least} of at most {option.most}"
        yield draft.mistake((*where, "least"), what, f"write least: {option.most} or less, or raise most")
    if option.by is not None and not entry.years[0] <= option.by <= entry.years[1]:
        what = f"{option.by} is outside the plan's years, {entry.years[0]} to {entry.years[1]}"
        yield draft.mistake((*where, "by"), what, "write one of the plan's years")
    if option.by is not None and option.least == 0:
        yield draft.mistake((*where, "by"), "a date for nothing", "write how many are due by then: least: 1")


def _bought(draft: Draft, where: Location, option: OptionEntry, item: str, catalogue: Catalogue) -> Iterator[Mistake]:
    group = group_of(catalogue, item)
    if group is None:
        known = [name for each in (*PLACED, ROUNDS) for name in catalogue.entries(each)]
        yield draft.unknown((*where, "buy"), item, "thing that can be bought", known)
    elif group == ROUNDS and option.at:
        yield draft.mistake((*where, "at"), "rounds go to the nation's fire units", "leave out at")
    elif group in PLACED and not option.at:
        yield draft.mistake(
            where, f"'{item}' stands nowhere", "add at: [PLACE, ...], where each of them stands in turn"
        )
    elif group in PLACED and option.lot > 1:
        yield draft.mistake((*where, "lot"), "only rounds come in lots", "leave out lot and write most")
    places = {*draft.document.places, *draft.written("assets")}
    for k, place in enumerate(option.at):
        if isinstance(place, str) and place not in places:
            yield draft.unknown((*where, "at", k), place, "place or asset", places)
