"""Which fire-control radars may serve a fire unit that has lost its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shieldwall.active_defence.fire_unit import FireUnit
from shieldwall.battle_management.doctrine import Integration
from shieldwall.catalogue.catalogue import Catalogue

MAX_BACKUPS = 3
_LOOKED_AT = 24


def with_backups(
    units: Sequence[FireUnit], named: Mapping[str, tuple[str, ...]], catalogue: Catalogue, integration: Integration
) -> tuple[FireUnit, ...]:
    """Return the units with their backup radars.

    Parameters
    ----------
    units : every fire unit, copies included
    named : base id of a unit -> ids of fire units whose radars it lists itself
    catalogue : says which types may use another's radar (`backup_radar`) and how near it must be (`backup_distance`)
    integration : the network a unit belongs to: alone, its sector, all

    A listed unit serves as it is listed. Of the others, each whose type says so may use the radars of its own
    type in its own network, at most `backup_distance` away, the nearest three, ties by id.
    """
    found: dict[str, tuple[str, ...]] = {}
    for unit in units:
        base = unit.id.partition("~")[0]
        if base in named:
            radars = tuple(dict.fromkeys(f"{other.removesuffix('/radar')}/radar" for other in named[base]))
            found[unit.id] = tuple(radar for radar in radars if radar != unit.radar)
    networks: dict[tuple[str, str], list[FireUnit]] = {}
    for unit in units if integration != "autonomous" else ():
        record = catalogue.fire_units[unit.type]
        if record.backup_radar and record.backup_distance is not None and unit.radar:
            networks.setdefault((unit.type, unit.sector if integration == "sector" else ""), []).append(unit)
    for (kind, _), members in networks.items():
        distance = catalogue.fire_units[kind].backup_distance
        for name, radars in _nearest(members, distance.si if distance else 0.0).items():
            found.setdefault(name, radars)
    return tuple(replace(unit, backup_radars=found.get(unit.id, ())) for unit in units)


def _nearest(members: Sequence[FireUnit], distance_m: float) -> dict[str, tuple[str, ...]]:
    """Return the radars of the nearest other members for each, straight through the Earth."""
    if len(members) < 2:
        return {}
    from scipy.spatial import cKDTree  # noqa: PLC0415  (0.1 s to start; few scenarios need it)

    from shieldwall.core.geodesy import ecef_m  # noqa: PLC0415

    members = sorted(members, key=lambda unit: unit.id)
    points = ecef_m([u.position.latitude_deg for u in members], [u.position.longitude_deg for u in members])
    ranges, numbers = cKDTree(points).query(points, k=min(_LOOKED_AT, len(members)))
    found = {}
    for unit, row, others in zip(members, ranges, numbers, strict=True):
        near = sorted((float(r), members[n].id) for r, n in zip(row, others, strict=True) if math.isfinite(r))
        radars = [f"{name}/radar" for r, name in near if r <= distance_m and name != unit.id]
        found[unit.id] = tuple(radars[:MAX_BACKUPS])
    return found
