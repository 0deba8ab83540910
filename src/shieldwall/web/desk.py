"""Answer questions about runs: documents of runs and raids, ten stops, footprints, comparisons; kept for a while."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from typing import Any

from shieldwall.core.errors import InputError, StoreError
from shieldwall.engine.aftermath import with_aftermath
from shieldwall.engine.night import Night, alarms, play_night, prepare_night
from shieldwall.engine.roster import in_order
from shieldwall.replay.replay import refuse_another
from shieldwall.results.manifest import Manifest
from shieldwall.results.results import Results
from shieldwall.results.row import Block, Roster
from shieldwall.results.tally import Tally, leakers
from shieldwall.scenario.include import files_of
from shieldwall.scenario.load import load, shipped_folder
from shieldwall.scenario.types import Scenario
from shieldwall.study.compare import compare
from shieldwall.study.footprint import footprints
from shieldwall.study.trace import stops_of
from shieldwall.tables import Paths, Tables
from shieldwall.web.across import REPLICATIONS_SENT, across
from shieldwall.web.columns import rounded
from shieldwall.web.kept import Kept
from shieldwall.web.laydown import laydown
from shieldwall.web.raid import paths_of, raid
from shieldwall.web.refusal import Absent, Conflict, TooLarge
from shieldwall.web.shelf import Played, Shelf

Plain = dict[str, Any]
STOPS_AT_MOST = 2_000


@dataclass(frozen=True)
class Ready:
    """A scenario prepared once: nothing of it depends on luck."""

    scenario: Scenario
    night: Night
    paths: Paths

    @property
    def roster(self) -> Roster:
        """Return the ids behind the indices."""
        return self.night.roster

    def tables(self, seed: int, replication: int) -> Tables:
        """Return the tables of one raid: of the state of readiness that it finds."""
        night = self.night
        if night.raised is None or not bool(alarms(night, seed, replication, 1).raised[0]):
            return night.tables
        return night.raised

    def aftermath(self, block: Block, seed: int) -> Block:
        """Return a raid with what it does to people and services, where the scenario tells of them."""
        night = self.night
        return block if night.aftermath is None else with_aftermath(block, night.aftermath, night.tables, seed)

    def play(self, seed: int, replication: int) -> Block:
        """Play one raid alone, with its events."""
        return play_night(self.night, seed, replication, 1, events=True)


@dataclass(frozen=True)
class Desk:
    """Everything that the server keeps open. Answers are bytes of JSON, as they go over the wire."""

    shelf: Shelf
    _runs: Kept[tuple[str, int], Results] = field(default_factory=lambda: Kept(8))
    _played: Kept[str, Played] = field(default_factory=lambda: Kept(8))
    _ready: Kept[str, Ready] = field(default_factory=lambda: Kept(3))
    _listed: Kept[tuple[str, ...], list[Plain]] = field(default_factory=lambda: Kept(1))
    _documents: Kept[tuple[Any, ...], bytes] = field(default_factory=lambda: Kept(24))

    def results(self, run: str) -> Results:
        """Return a finished run, opened once; raise Absent if there is none."""
        stamp = (self.shelf.run_folder(run) / "manifest.json").stat().st_mtime_ns
        return self._runs.get((run, stamp), lambda: self.shelf.open(run))

    def played(self, manifest: Manifest) -> Played:
        """Return the scenario of a run, loaded once; raise Conflict if it is not at hand."""
        return self._played.get(manifest.scenario_hash, lambda: self.shelf.played(manifest))

    def ready(self, manifest: Manifest) -> Ready:
        """Return the prepared scenario of a run."""
        return self._ready.get(manifest.scenario_hash, lambda: made_ready(self.played(manifest).scenario))

    def warm(self, run: str) -> None:
        """Make now what the page of a run asks for first: the run and its median raid."""
        document = json.loads(self.run_document(run))
        self.replay(run, document["across"]["chosen"]["median"])

    def run_document(self, run: str) -> bytes:
        """Return a run's document."""
        results = self.results(run)
        return self._documents.get(("run", run, *_stamp(results.manifest)), lambda: self._run(run, results))

    def _run(self, run: str, results: Results) -> bytes:
        manifest = results.manifest
        scenario = self.played(manifest).scenario
        head = {
            "kind": "run",
            "run": run,
            "shieldwall": manifest.version,
            "scenario": manifest.scenario,
            "title": manifest.title,
            "seed": manifest.seed,
            "replications": manifest.replications,
            "scenario_hash": manifest.scenario_hash,
            "start_utc": manifest.start_utc,
            "start_local": manifest.start_local,
            "time_zone": manifest.time_zone,
            "overrides": dict(manifest.overrides),
            "notes": list(manifest.notes),
            "sources": list(manifest.sources),
            "editable": True,
        }
        return encoded({**head, **rounded(laydown(scenario), 9), "across": across(results, in_order(scenario))})

    def replay(self, run: str, replication: int) -> bytes:
        """Return one raid of a run, played again and compared with what the run kept."""
        results = self.results(run)
        self.refuse_replication(results.manifest, replication)
        return self._documents.get(
            ("replay", run, *_stamp(results.manifest), replication),
            lambda: self._replay(run, results, replication),
        )

    def _replay(self, run: str, results: Results, replication: int) -> bytes:
        ready = self.ready(results.manifest)
        block = self._raid(results, ready, replication)
        found = raid(block, ready.scenario, ready.paths)
        return encoded({"kind": "replay", "run": run, "replication": replication, **found})

    def _raid(self, results: Results, ready: Ready, replication: int) -> Block:
        block = ready.play(results.manifest.seed, replication)
        try:
            refuse_another(results, block, replication)
        except StoreError as error:
            raise Conflict(str(error)) from None
        return block

    def stops(self, run: str, replication: int, threat: str) -> Plain:
        """Return the ten stops of one threat; raise Absent if the run has no such threat."""
        told = self.all_stops(run, replication, (threat,))[threat]
        return {"threat": threat, "replication": replication, "stops": told}

    def all_stops(self, run: str, replication: int, threats: tuple[str, ...] | None = None) -> dict[str, list[Plain]]:
        """Return the ten stops of some threats or flights of a raid, of all if not said which."""
        results = self.results(run)
        self.refuse_replication(results.manifest, replication)
        ready = self.ready(results.manifest)
        everything = (*ready.roster.threat, *ready.roster.flight)
        wanted = everything if threats is None else threats
        if len(wanted) > STOPS_AT_MOST:
            raise TooLarge(f"the stops of {STOPS_AT_MOST:,} threats at most")
        known = frozenset(everything)
        for threat in wanted:
            if threat not in known:
                raise Absent(f"there is no threat '{threat[:80]}' in the run")
        block = self._raid(results, ready, replication)
        told = stops_of(ready.scenario, block, ready.roster, wanted, results.manifest.seed)
        return {
            threat: [
                {"number": one.number, "folder": one.folder, "title": one.title, "sentences": list(one.sentences)}
                for one in found
            ]
            for threat, found in told.items()
        }

    def footprints(self, run: str, unit: str, against: str) -> bytes:
        """Return footprints as GeoJSON; unit and threat type are ids."""
        scenario = self.ready(self.results(run).manifest).scenario
        if unit not in {one.id for one in scenario.fire_units}:
            raise Absent(f"there is no fire unit '{unit[:80]}'")
        if against and against not in {salvo.type.id for salvo in scenario.salvos}:
            raise Absent(f"there is no threat type '{against[:80]}' in the raid")

        def make() -> bytes:
            found = footprints(scenario, unit=unit, against=against, threads=os.cpu_count() or 1)
            return encoded({"type": "FeatureCollection", "features": [rounded(one.to_feature(), 7) for one in found]})

        return self._documents.get(("footprints", scenario.hash, unit, against), make)

    def scenario_text(self, run: str) -> Plain:
        """Return the files of a run's scenario: name and text, the scenario's own first."""
        path = self.played(self.results(run).manifest).path
        files = files_of(path, shipped_folder())
        home = path.resolve().parent
        return {"files": [{"name": os.path.relpath(file, home), "text": text} for file, text in files.items()]}

    def compare(self, base: str, other: str) -> Plain:
        """Return two runs set against each other on the same luck; raise Conflict if their seeds differ."""
        return compared((base, self.results(base)), (other, self.results(other)))

    def ready_scenario(self, scenario: Scenario) -> Ready:
        """Return a scenario prepared."""
        return self._ready.get(scenario.hash, lambda: made_ready(scenario))

    def scenarios(self) -> list[Plain]:
        """Return the scenarios that may be played, by name; those that cannot be read are left out."""
        return list(self._listed.get(tuple(sorted(self.shelf.scenarios())), self._scenarios))

    def _scenarios(self) -> list[Plain]:
        found = []
        for name, path in sorted(self.shelf.scenarios().items()):
            try:
                title = load(str(path)).title
            except InputError:
                continue
            found.append({"scenario": name, "title": title, "shipped": name not in self.shelf.named})
        return found

    @staticmethod
    def refuse_replication(manifest: Manifest, replication: int) -> None:
        """Raise Absent if a run has no such replication."""
        if not 0 <= replication < manifest.replications:
            raise Absent(f"the run has replications 0 to {manifest.replications - 1}")


def _stamp(manifest: Manifest) -> tuple[str, int, int]:
    return manifest.scenario_hash, manifest.seed, manifest.replications


def made_ready(scenario: Scenario) -> Ready:
    """Prepare a scenario: windows and tables."""
    return Ready(in_order(scenario), prepare_night(scenario, threads=os.cpu_count() or 1), paths_of(scenario))


def compared(base: tuple[str, Results], other: tuple[str, Results]) -> Plain:
    """Return the comparison of two runs, cut to the shorter of them."""
    if base[1].manifest.seed != other[1].manifest.seed:
        raise Conflict("the runs have different seeds: they do not share their luck")
    count = min(base[1].manifest.replications, other[1].manifest.replications)
    before, after = (first(results, count) for _, results in (base, other))
    whole = compare([("base", before), ("other", after)]).to_json()
    both, gaps = whole["runs"], whole["differences"]["other"]
    quantities = {
        name: {"base": both["base"].get(name), "other": both["other"].get(name), "difference": gap}
        for name, gap in gaps.items()
    }
    return {
        "base": base[0],
        "other": other[0],
        "seed": before.manifest.seed,
        "replications": count,
        "quantities": rounded(quantities),
        "leaked": {"base": _leaked(before), "other": _leaked(after)},
    }


def first(results: Results, count: int) -> Results:
    """Return the first replications of a run: what a shorter run would have been."""
    if results.manifest.replications == count:
        return results
    cut: list[Any] = [values[:count] for values in results.counts]
    counts = Tally(*cut)
    return Results(replace(results.manifest, replications=count), results.roster, results.store, counts)


def _leaked(results: Results) -> list[int] | None:
    values = leakers(results.counts.fates).sum(axis=1)
    return values.tolist() if values.size <= REPLICATIONS_SENT else None


def encoded(value: Any) -> bytes:
    """Return JSON in its shortest form."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
