"""Checks of a campaign against the rest of its scenario; each is a named function that yields mistakes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.core.errors import Mistake
from shieldwall.scenario.campaign import output_figure, stock_figure
from shieldwall.scenario.campaign_entry import CampaignEntry, OrderEntry, ReorderEntry
from shieldwall.scenario.document import Document
from shieldwall.scenario.draft import Draft

_HERE = "campaign"


def campaign_mistakes(draft: Draft, catalogue: Catalogue) -> Iterator[Mistake]:
    """Yield what is wrong with a campaign; nothing where there is none."""
    entry = draft.document.campaign
    if entry is None:
        return
    for check in (_mixes, _nights, _estimates, _stocks, _lines, _orders):
        yield from check(draft, entry, catalogue)


def _mixes(draft: Draft, entry: CampaignEntry, catalogue: Catalogue) -> Iterator[Mistake]:
    """Require mixes of salvos that are there and large enough."""
    counts = {raid.id: raid.count for raid in draft.document.raids}
    yield from draft.repeated((_HERE, "mixes"), [mix.id for mix in entry.mixes])
    for i, mix in enumerate(entry.mixes):
        for salvo, (_, most) in mix.raids.items():
            where = (_HERE, "mixes", i, "raids", salvo)
            if salvo not in counts:
                if "raids" not in draft.broken:
                    yield draft.unknown(where, salvo, "raid", draft.written("raids"))
            elif most > counts[salvo]:
                what = f"{most} threats; the raid '{salvo}' has {counts[salvo]}"
                yield draft.mistake(where, what, "raise the raid's count: it is the most that may fly in one night")


def _nights(draft: Draft, entry: CampaignEntry, catalogue: Catalogue) -> Iterator[Mistake]:
    """Require one way of saying when raids come, of mixes that are there."""
    seen = {mix.id for mix in entry.mixes}
    if (entry.process is None) == (not entry.schedule):
        both = entry.process is not None
        what = "both schedule and process are given" if both else "neither schedule nor process is given"
        yield draft.mistake((_HERE,), what, "give one of them, as schedule: [{mix: ID, from: 1, every: 7}]")
    for i, line in enumerate(entry.schedule):
        if line.mix not in seen:
            yield draft.unknown((_HERE, "schedule", i, "mix"), line.mix, "mix", seen)
        if line.from_ > (line.to or entry.nights):
            what = f"from night {line.from_} to night {line.to or entry.nights} there is none"
            yield draft.mistake((_HERE, "schedule", i, "from"), what, "write the earlier night first")
    for name in entry.process.weights if entry.process else ():
        if name not in seen:
            yield draft.unknown((_HERE, "process", "weights", name), name, "mix", seen)
    if entry.process and not sum(entry.process.weights.values()) > 0:
        yield draft.mistake((_HERE, "process", "weights"), "all weights are 0", "give one mix a weight above 0")


def _estimates(draft: Draft, entry: CampaignEntry, catalogue: Catalogue) -> Iterator[Mistake]:
    """Require an estimate of stock and output for every kind of threat that a mix uses."""
    types = {raid.id: raid.type for raid in draft.document.raids}
    flown = {types[salvo] for mix in entry.mixes for salvo in mix.raids if salvo in types}
    for key in ("stock", "production"):
        for name in getattr(entry.adversary, key):
            if name not in types.values() and "raids" not in draft.broken:
                yield draft.unknown((_HERE, "adversary", key, name), name, "kind of threat in raids", types.values())
    for threat in sorted(flown & set(catalogue.threats)):
        for key, figure in (
            ("stock", stock_figure(catalogue, threat)),
            ("production", output_figure(catalogue, threat)),
        ):
            if figure is None and threat not in getattr(entry.adversary, key):
                what = f"the catalogue has no estimate of an adversary's {key} of {threat}"
                wanted = "0" if key == "stock" else "0 count/year"
                yield draft.mistake((_HERE, "adversary"), what, f"write {key}: {{{threat}: {wanted}}} or your own")


def _stocks(draft: Draft, entry: CampaignEntry, catalogue: Catalogue) -> Iterator[Mistake]:
    """Require depots and spares of nations that have fire units, of rounds and units that these use."""
    document = draft.document
    yield from _held(draft, ("stocks", "depots"), entry.stocks.depots, _rounds(document, catalogue), "effector")
    units = {unit.type for unit in document.fire_units}
    yield from _held(draft, ("repair", "spares"), entry.repair.spares, units, "kind of fire unit")


def _held(
    draft: Draft, path: tuple[str, str], depots: Mapping[str, Mapping[str, int]], valid: Collection[str], what: str
) -> Iterator[Mistake]:
    if "fire_units" in draft.broken:
        return
    for nation, held in depots.items():
        if nation not in _nations(draft.document):
            yield draft.unknown((_HERE, *path, nation), nation, "sector with fire units", _nations(draft.document))
        for item in held:
            if item not in valid:
                yield draft.unknown((_HERE, *path, nation, item), item, f"{what} among those of the fire units", valid)


def _lines(draft: Draft, entry: CampaignEntry, catalogue: Catalogue) -> Iterator[Mistake]:
    """Require that a line makes something that a fire unit of the scenario uses, or such a unit; ids once."""
    units = {unit.type for unit in draft.document.fire_units}
    makes = _rounds(draft.document, catalogue) | units
    yield from draft.repeated((_HERE, "lines"), [line.id for line in entry.lines])
    for i, line in enumerate(entry.lines):
        if line.makes not in makes and "fire_units" not in draft.broken:
            what = "effector or fire unit of the scenario"
            yield draft.unknown((_HERE, "lines", i, "makes"), line.makes, what, makes)
        if line.rate_after is not None and line.ramp <= 0.0:
            what = "the output changes, but the ramp has no length"
            yield draft.mistake((_HERE, "lines", i, "rate_after"), what, "add ramp: 180 days")


def _orders(draft: Draft, entry: CampaignEntry, catalogue: Catalogue) -> Iterator[Mistake]:
    """Require orders of nations that have fire units, on lines that are there, delivered after they are placed."""
    lines = {line.id for line in entry.lines}
    seen: set[str] = set()
    keyed: list[tuple[str, int, OrderEntry | ReorderEntry]] = [("orders", i, o) for i, o in enumerate(entry.orders)]
    keyed += [("reorders", i, o) for i, o in enumerate(entry.reorders)]
    for key, i, order in keyed:
        if order.id in seen:
            what = f"the id '{order.id}' is given twice"
            yield draft.mistake((_HERE, key, i, "id"), what, "give it another id")
        seen.add(order.id)
        if order.line not in lines:
            yield draft.unknown((_HERE, key, i, "line"), order.line, "line", lines)
        if order.nation not in _nations(draft.document) and "fire_units" not in draft.broken:
            valid = _nations(draft.document)
            yield draft.unknown((_HERE, key, i, "nation"), order.nation, "sector with fire units", valid)
    for i, bought in enumerate(entry.orders):
        if bought.delivery is not None and bought.delivery < bought.placed:
            what = f"delivered on night {bought.delivery}, before it is placed on night {bought.placed}"
            yield draft.mistake((_HERE, "orders", i, "delivery"), what, "order earlier, or deliver later")
        if bought.delivery is not None and bought.lead_time is not None:
            what = "both delivery and lead_time are given"
            yield draft.mistake((_HERE, "orders", i, "lead_time"), what, "give one of them")
    for i, rule in enumerate(entry.reorders):
        if rule.below >= rule.up_to:
            what = f"orders up to {rule.up_to} when {rule.below} are left"
            yield draft.mistake((_HERE, "reorders", i, "up_to"), what, "write a number above the one under below")


def _rounds(document: Document, catalogue: Catalogue) -> set[str]:
    """Return the effectors of the document's fire units."""
    types = [catalogue.fire_units[u.type] for u in document.fire_units if u.type in catalogue.fire_units]
    return {weapon.effector for unit in types for weapon in unit.weapons}


def _nations(document: Document) -> set[str]:
    return {unit.sector for unit in document.fire_units}
