"""The catalogue in memory: entries by group and id, built when they are asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shieldwall.catalogue.checks import check_record
from shieldwall.catalogue.read import Complaint, at_node, plain, read_record, read_sources
from shieldwall.catalogue.records import (
    GROUPS,
    Aircraft,
    AssetKind,
    CommandRecord,
    DoctrineRecord,
    Effector,
    FireUnit,
    IdentificationRecord,
    MoneyRates,
    Nation,
    PlanningFactors,
    Record,
    Sensor,
    SoftKill,
    Threat,
    TrafficRecord,
    name_figures,
)
from shieldwall.catalogue.resilience import (
    AlertSystem,
    Consequence,
    Diplomacy,
    ExerciseProgramme,
    IntelligenceSource,
    Measure,
    ReadinessState,
    Repair,
    Sheltering,
)
from shieldwall.catalogue.resources import ArsenalRecord, BudgetRecord, ProcurementRecord, SustainmentRecord
from shieldwall.catalogue.sourced import Source
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.core.units import UNITS, UnitError, split_quantity, to_si, unit_of

Raw = Mapping[str, Mapping[str, Any]]
R = TypeVar("R", bound=Record)


class Entries(Mapping[str, R], Generic[R]):
    """The entries of one group by id; an entry is built from its checked plain form the first time it is asked for."""

    def __init__(self, group: str, raw: Mapping[str, Any]) -> None:
        self._group = group
        self._raw = raw
        self._built: dict[str, R] = {}

    def __getitem__(self, key: str) -> R:
        if key not in self._built:
            record = GROUPS[self._group].model_validate(self._raw[key])
            name_figures(self._group, record)
            self._built[key] = record  # type: ignore[assignment]  # GROUPS pairs the group with R
        return self._built[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


@dataclass(frozen=True, repr=False)
class Catalogue:
    """Every entry, by group and id; `hash` is the SHA-256 of its content, `raw` the checked plain form."""

    raw: Raw
    sources: Mapping[str, Source]
    hash: str
    threats: Entries[Threat]
    effectors: Entries[Effector]
    sensors: Entries[Sensor]
    fire_units: Entries[FireUnit]
    soft_kill: Entries[SoftKill]
    aircraft: Entries[Aircraft]
    assets: Entries[AssetKind]
    nations: Entries[Nation]
    command: Entries[CommandRecord]
    doctrine: Entries[DoctrineRecord]
    traffic: Entries[TrafficRecord]
    identification: Entries[IdentificationRecord]
    money: Entries[MoneyRates]
    budget: Entries[BudgetRecord]
    procurement: Entries[ProcurementRecord]
    arsenals: Entries[ArsenalRecord]
    sustainment: Entries[SustainmentRecord]
    planning_factors: Entries[PlanningFactors]
    alert_systems: Entries[AlertSystem]
    sheltering: Entries[Sheltering]
    consequences: Entries[Consequence]
    measures: Entries[Measure]
    repairs: Entries[Repair]
    readiness_states: Entries[ReadinessState]
    intelligence_sources: Entries[IntelligenceSource]
    exercise_programmes: Entries[ExerciseProgramme]
    diplomacy: Entries[Diplomacy]

    def __repr__(self) -> str:
        return f"Catalogue({sum(map(len, self.raw.values()))} entries, hash {self.hash[:12]})"

    @classmethod
    def of(cls, raw: Raw, sources: Mapping[str, Source], content_hash: str) -> Catalogue:
        """Return the catalogue of checked plain entries (group -> id -> content)."""
        groups: dict[str, Any] = {group: Entries(group, raw.get(group, {})) for group in GROUPS}
        return cls(raw=raw, sources=sources, hash=content_hash, **groups)

    def entries(self, group: str) -> Mapping[str, Record]:
        """Return one group by its name; raise KeyError if there is none."""
        if group not in GROUPS:
            raise KeyError(group)
        found: Mapping[str, Record] = getattr(self, group)
        return found

    def with_entries(self, added: Mapping[str, Any], *, file: str = "") -> Catalogue:
        """Return a copy with the user's own entries, which obey the same rules; an id that exists is replaced.

        Parameters
        ----------
        added : group -> list of entries, and "sources" -> {key: source}; nodes of a ruamel round-trip document
            give their line and column to the mistakes
        file : name for the mistakes

        Raises
        ------
        InputError
            With every mistake in the added entries.
        """
        mistakes = [
            at_node(file, added, Complaint((group,), f"there is no group '{group}'", nearest(group, GROUPS)))
            for group in added
            if group not in GROUPS and group != "sources"
        ]
        own = plain(added.get("sources", {}))
        own_sources, complaints = read_sources(own)
        mistakes += [at_node(file, added.get("sources"), complaint) for complaint in complaints]
        sources = {**self.sources, **own_sources}
        raw = {group: dict(self.raw.get(group, {})) for group in GROUPS}
        nodes = {group: _entry_list(added, group, file, mistakes) for group in GROUPS if group in added}
        for group, entries in nodes.items():
            raw[group].update({str(node["id"]): plain(node) for node in entries if "id" in node})
        keys = frozenset(self.sources) | frozenset(own)
        ids = {group: frozenset(raw[group]) for group in GROUPS}
        for group, entries in nodes.items():
            for node in entries:
                record, wrong = read_record(group, plain(node))
                wrong = wrong if record is None else check_record(record, sources, ids, keys=keys)
                mistakes += [at_node(file, node, complaint) for complaint in wrong]
        if mistakes:
            raise InputError(mistakes)
        return Catalogue.of(raw, sources, _changed_hash(self.hash, plain(added)))

    def with_overrides(self, overrides: Mapping[str, str | float]) -> Catalogue:
        """Return a copy with single figures replaced, for example {"threats.kh-101.speed": "800 km/h"}.

        The value may also be "low" or "high": that end of the figure's range.

        Raises
        ------
        InputError
            With one mistake for each path that names no figure and each value that is no quantity of the
            figure's dimension or out of physical bounds (file "", line 0: the caller knows where it stands).
        """
        return self._with_figures(dict(overrides), self._overridden)

    def with_calibrated(self, figures: Mapping[str, Mapping[str, Any]]) -> Catalogue:
        """Return a copy whose figures have other values and ranges: path -> {value, low, high, unit, provenance}.

        Raises
        ------
        InputError
            With one mistake for each path that names no figure and each value out of physical bounds.
        """
        return self._with_figures({path: dict(figure) for path, figure in figures.items()}, self._calibrated)

    def _with_figures(self, changes: Mapping[str, Any], figure_of: Callable[[str, Any], dict[str, Any]]) -> Catalogue:
        """Return a copy with the figure at each path replaced by what `figure_of` makes of the path and its change."""
        raw = {group: dict(entries) for group, entries in self.raw.items()}
        mistakes: list[Mistake] = []
        for path, change in changes.items():
            try:
                figure = figure_of(path, change)
            except InputError as error:
                mistakes += error.mistakes
                continue
            group, entry_id, rest = _steps(path)
            entry = _replaced(raw[group][entry_id], rest.split("."), figure)
            record, complaints = read_record(group, entry)
            if record is None:
                mistakes += [Mistake("", 0, 0, f"{path}: {c.what}", c.cure) for c in complaints]
            raw[group][entry_id] = entry
        if mistakes:
            raise InputError(mistakes)
        return Catalogue.of(raw, self.sources, _changed_hash(self.hash, changes))

    def _calibrated(self, path: str, figure: Mapping[str, Any]) -> dict[str, Any]:
        group, entry_id, rest = _steps(path)
        known = dict(self.entries(group)[entry_id].figures()) if entry_id in self.raw.get(group, {}) else {}
        if rest not in known:
            raise InputError(Mistake("", 0, 0, f"the catalogue has no figure '{path}'", "calibrate again"))
        old = known[rest]
        new = {name: figure[name] for name in ("value", "low", "high", "unit")}
        new |= {"confidence": "assumed", "source": list(old.source)}
        was = "does not know it" if old.value is None else f"says {old.value:g} {old.unit}"
        new["reason"] = f"calibrated: {figure.get('provenance', '')}. The catalogue {was}"
        return new

    def _overridden(self, path: str, value: str | float) -> dict[str, Any]:
        try:
            return self._set_by_user(path, value)
        except UnitError as error:
            what, _, cure = str(error).partition("; ")
            raise InputError(Mistake("", 0, 0, f"{path}: {what}", cure)) from None

    def _set_by_user(self, path: str, value: str | float) -> dict[str, Any]:
        group, entry_id, rest = _steps(path)
        if group not in self.raw or entry_id not in self.raw[group]:
            known = [f"{group}.{key}" for key in self.raw[group]] if group in self.raw else list(self.raw)
            wrong = f"{group}.{entry_id}" if group in self.raw else group
            raise UnitError(f"the catalogue has no entry '{group}.{entry_id}'; {nearest(wrong, known)}")
        figures = dict(self.entries(group)[entry_id].figures())
        if rest not in figures:
            raise UnitError(f"{group}.{entry_id} has no figure '{rest}'; {nearest(rest, figures)}")
        old = figures[rest]
        if value in ("low", "high") and old.value is not None:
            number, unit = (old.low if value == "low" else old.high), old.unit
        else:
            dimension = UNITS[unit_of(old.unit)][0]
            number, unit = split_quantity(value, dimension)
            to_si(number, unit, dimension)
        was = "unknown" if old.value is None else f"{old.value:g} {old.unit}"
        new = {"value": number, "unit": unit, "low": number, "high": number, "confidence": "assumed"}
        new["reason"] = f"set by the user to {value}; the catalogue says {was}"
        return new


def _steps(path: str) -> tuple[str, str, str]:
    """Return group, id and the rest of a figure's path."""
    group, _, rest = path.partition(".")
    entry_id, _, rest = rest.partition(".")
    return group, entry_id, rest


def _entry_list(added: Mapping[str, Any], group: str, file: str, mistakes: list[Mistake]) -> Sequence[Any]:
    entries = added[group]
    if isinstance(entries, list) and all(isinstance(node, Mapping) for node in entries):
        return entries
    mistakes.append(at_node(file, added, Complaint((group,), f"'{group}' is not a list of entries", "write - id: ...")))
    return []


def _replaced(node: Any, steps: Sequence[str], new: Any) -> Any:
    """Return a copy of nested plain data with the value at `steps` replaced."""
    if not steps:
        return new
    if isinstance(node, list):
        place = int(steps[0])
        return [*node[:place], _replaced(node[place], steps[1:], new), *node[place + 1 :]]
    return {**node, steps[0]: _replaced(node[steps[0]], steps[1:], new)}


def _changed_hash(before: str, change: Any) -> str:
    text = json.dumps(change, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()
