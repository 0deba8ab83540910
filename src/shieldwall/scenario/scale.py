"""Multiply the defence by whole numbers: copies placed by a stated rule, or more rounds.

The rule. Round 2 makes one copy of every original, in order of id, round 3 another, and so on. The copies are dealt
out to the assets in descending order of value (ties by id), round and round. Each stands on a ring around its asset,
of the asset's own radius, at as many golden angles from north as the asset already has copies. It belongs to the
sector of the nearest original fire unit. Copies of five-fold are those of four-fold and more, so no draw changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from shieldwall.active_defence.fire_unit import FireUnit, Weapon
from shieldwall.core.position import Position
from shieldwall.passive_defence.asset import Asset
from shieldwall.scenario.document import ScaleEntry
from shieldwall.scenario.geography import on_rings
from shieldwall.surveillance.sensor import Sensor


@dataclass(frozen=True, slots=True)
class Force:
    """Fire units, their fire-control radars by unit id, and stand-alone sensors."""

    fire_units: tuple[FireUnit, ...]
    radars: dict[str, Sensor]
    sensors: tuple[Sensor, ...]


@dataclass(slots=True)
class _Dealer:
    """Deals copies out to assets; `dealt` counts those at each."""

    assets: Sequence[Asset]
    originals: Sequence[FireUnit]
    next: int = 0
    dealt: dict[str, int] = field(default_factory=dict)

    def places(self, count: int) -> list[Position]:
        """Return where the next `count` copies stand."""
        assets, numbers = [], []
        for _ in range(count):
            asset = self.assets[self.next % len(self.assets)]
            self.next += 1
            numbers.append(self.dealt.get(asset.id, 0))
            self.dealt[asset.id] = numbers[-1] + 1
            assets.append(asset)
        return on_rings([asset.position for asset in assets], [asset.radius_m for asset in assets], numbers)

    def sectors(self, places: Sequence[Position], own: Sequence[str]) -> list[str]:
        """Return the sector of the nearest original fire unit to each place; `own` where there is none."""
        if not self.originals or not places:
            return list(own)
        import numpy as np  # noqa: PLC0415

        from shieldwall.core.geodesy import ecef_m  # noqa: PLC0415

        def points(positions: Sequence[Position]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
            return ecef_m([p.latitude_deg for p in positions], [p.longitude_deg for p in positions])

        units = sorted(self.originals, key=lambda unit: unit.id)
        stand = points([unit.position for unit in units])
        nearest = [int(np.argmin(((stand - point) ** 2).sum(axis=1))) for point in points(places)]
        return [units[i].sector for i in nearest]


def scaled(force: Force, scale: ScaleEntry, assets: Sequence[Asset]) -> Force:
    """Return the force times the four factors of `scale`: rounds first, then fire_units, defence, sensors."""
    if (scale.defence, scale.fire_units, scale.rounds, scale.sensors) == (1, 1, 1, 1):
        return force
    dealer = _Dealer(sorted(assets, key=lambda a: (-a.value, a.id)), force.fire_units)
    units = tuple(_more_rounds(unit, scale.rounds) for unit in force.fire_units)
    radars = dict(force.radars)
    if scale.fire_units > 1:
        shares = {unit.id: _shared_rounds(unit, scale.fire_units) for unit in units}
        units = tuple(shares[unit.id][0] for unit in units)
        copies = _copies(units, radars, scale.fire_units, dealer)
        units += tuple(replace(copy, weapons=shares[original][1].weapons) for original, copy in copies)
    if scale.defence > 1:
        units += tuple(copy for _, copy in _copies(units, radars, scale.defence, dealer))
    sensors = force.sensors + _sensor_copies(force.sensors, scale.sensors, _Dealer(dealer.assets, dealer.originals))
    return Force(units, radars, sensors)


def next_copy_id(taken: dict[str, int], entity_id: str) -> str:
    """Return the id of the next copy: "x~2", "x~3" ...; `taken` holds the highest number of each id so far."""
    base = entity_id.partition("~")[0]
    taken[base] = taken.get(base, 1) + 1
    return f"{base}~{taken[base]}"


def _highest(ids: Iterator[str]) -> dict[str, int]:
    highest: dict[str, int] = {}
    for name in ids:
        base, _, number = name.partition("~")
        highest[base] = max(highest.get(base, 1), int(number or 1))
    return highest


def _in_order(entity_id: str) -> tuple[str, int]:
    base, _, number = entity_id.partition("~")
    return base, int(number or 1)


def _copies(
    units: Sequence[FireUnit], radars: dict[str, Sensor], factor: int, dealer: _Dealer
) -> list[tuple[str, FireUnit]]:
    """Return (id of the original, copy); adds the copies' radars to `radars`."""
    taken = _highest(unit.id for unit in units)
    order = sorted(units, key=lambda unit: _in_order(unit.id)) * (factor - 1)
    places = dealer.places(len(order))
    sectors = dealer.sectors(places, [unit.sector for unit in order])
    copies = []
    for unit, place, sector in zip(order, places, sectors, strict=True):
        name = next_copy_id(taken, unit.id)
        radar = radars.get(unit.id)
        if radar is not None:
            radars[name] = replace(radar, id=f"{name}/radar", position=place, sector=sector, fire_unit=name)
        own_radar = f"{name}/radar" if radar is not None else ""
        copies.append((unit.id, replace(unit, id=name, position=place, sector=sector, radar=own_radar)))
    return copies


def _sensor_copies(sensors: Sequence[Sensor], factor: int, dealer: _Dealer) -> tuple[Sensor, ...]:
    taken = _highest(sensor.id for sensor in sensors)
    order = sorted(sensors, key=lambda sensor: _in_order(sensor.id)) * (factor - 1)
    places = dealer.places(len(order))
    sectors = dealer.sectors(places, [sensor.sector for sensor in order])
    return tuple(
        replace(sensor, id=next_copy_id(taken, sensor.id), position=place, sector=sector)
        for sensor, place, sector in zip(order, places, sectors, strict=True)
    )


def _more_rounds(unit: FireUnit, factor: int) -> FireUnit:
    """Return the unit with `factor` times its rounds; launchers hold what they hold, the rest is reserve."""
    weapons = tuple(
        replace(w, reserve_rounds=factor * (w.ready_rounds + w.reserve_rounds) - w.ready_rounds) for w in unit.weapons
    )
    return replace(unit, weapons=weapons)


def _shared_rounds(unit: FireUnit, factor: int) -> tuple[FireUnit, FireUnit]:
    """Return (original, copy) that share the unit's rounds evenly `factor` ways; what is left over stays."""

    def holding(weapon: Weapon, rounds: int) -> Weapon:
        ready = min(rounds, weapon.launchers * weapon.rounds_per_launcher)
        return replace(weapon, ready_rounds=ready, reserve_rounds=rounds - ready)

    original, copy = [], []
    for weapon in unit.weapons:
        total = weapon.ready_rounds + weapon.reserve_rounds
        share = total // factor
        copy.append(holding(weapon, share))
        original.append(holding(weapon, total - share * (factor - 1)))
    return replace(unit, weapons=tuple(original)), replace(unit, weapons=tuple(copy))
