"""One queue of jobs: scenarios, changed or not, played one after another; each can be watched and cancelled."""

from __future__ import annotations

import os
import queue
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import shieldwall
from shieldwall.core.errors import ShieldwallError
from shieldwall.results.manifest import digest_of
from shieldwall.scenario.types import Scenario
from shieldwall.web.desk import Desk, compared
from shieldwall.web.edit import Change, changed, settings_of
from shieldwall.web.refusal import Absent, Full, RefusalError, TooLarge

WAITING_AT_MOST, KEPT_AT_MOST = 8, 64
REPLICATIONS_AT_MOST, ROWS_AT_MOST = 20_000, 50_000_000
USUAL_REPLICATIONS = 500
SECONDS_AT_MOST = 900.0


class Cancelled(Exception):  # noqa: N818  it is no error
    """Somebody cancelled the job, or it took too long."""


@dataclass
class Job:
    """One job. `state`: queued, running, done, failed or cancelled."""

    id: str
    label: str
    base: str | None
    scenario: str
    changes: tuple[Change, ...]
    replications: int
    seed: int
    state: str = "queued"
    done: int = 0
    run: str | None = None
    error: str | None = None
    comparison: dict[str, Any] | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)

    def to_json(self) -> dict[str, Any]:
        """Return what the page is told of it."""
        return {
            "id": self.id,
            "state": self.state,
            "done": self.done,
            "of": self.replications,
            "label": self.label,
            "run": self.run,
            "base": self.base,
            "error": self.error,
            "comparison": self.comparison,
        }


class Jobs:
    """The queue and its one worker, a daemon thread that begins with the first job."""

    def __init__(self, desk: Desk, *, seconds: float = SECONDS_AT_MOST) -> None:
        self.desk, self.seconds = desk, seconds
        self._jobs: dict[str, Job] = {}
        self._queue: queue.Queue[Job] = queue.Queue()
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None

    def submit_edit(self, base: str, changes: tuple[Change, ...], replications: int | None) -> Job:
        """Queue a run of a changed scenario, to be compared with its base."""
        manifest = self.desk.results(base).manifest
        settings_of(changes)
        wanted = replications or min(USUAL_REPLICATIONS, manifest.replications)
        if wanted > manifest.replications:
            raise TooLarge(f"the base has {manifest.replications:,} replications; compare as many at most")
        words = ", ".join(f"{change.path} = {change.value}" for change in changes[:3])
        label = (words or "unchanged") + (", ..." if len(changes) > 3 else "")
        return self._add(Job(_new_id(), label[:200], base, manifest.scenario, changes, wanted, manifest.seed))

    def submit_scenario(self, scenario: str, changes: tuple[Change, ...], replications: int | None, seed: int) -> Job:
        """Queue a run of a scenario."""
        self.desk.shelf.scenario_file(scenario)
        settings_of(changes)
        count = replications or USUAL_REPLICATIONS
        return self._add(Job(_new_id(), scenario, None, scenario, changes, count, seed))

    def get(self, job_id: str) -> Job:
        """Return a job; raise Absent if there is none."""
        with self._lock:
            found = self._jobs.get(job_id)
        if found is None:
            raise Absent("there is no such job")
        return found

    def list(self) -> list[Job]:
        """Return every job that is remembered, the newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def cancel(self, job_id: str) -> Job:
        """Cancel a job that has not ended; one that has stays as it is."""
        job = self.get(job_id)
        job.cancelled.set()
        with self._lock:
            if job.state == "queued":
                job.state = "cancelled"
        return job

    def cancel_all(self) -> None:
        """Cancel whatever has not ended, when the server stops."""
        for job in self.list():
            job.cancelled.set()

    def _add(self, job: Job) -> Job:
        if job.replications > REPLICATIONS_AT_MOST:
            raise TooLarge(f"{REPLICATIONS_AT_MOST:,} replications at most")
        with self._lock:
            waiting = sum(one.state in ("queued", "running") for one in self._jobs.values())
            if waiting >= WAITING_AT_MOST:
                raise Full(f"{waiting} jobs are waiting already; cancel one or wait")
            self._jobs[job.id] = job
            ended = [one.id for one in self._jobs.values() if one.state not in ("queued", "running")]
            for old in ended[: max(0, len(self._jobs) - KEPT_AT_MOST)]:
                del self._jobs[old]
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._worker.start()
        self._queue.put(job)
        return job

    def _work(self) -> None:
        while True:
            job = self._queue.get()
            with self._lock:
                if job.state != "queued":
                    continue
                job.state = "running"
            try:
                self._play(job)
            except Cancelled as stopped:
                job.error = str(stopped) or None
                job.state = "failed" if job.error else "cancelled"
            except (RefusalError, ShieldwallError) as error:
                job.error, job.state = str(error), "failed"
            except Exception as error:  # the queue must outlive any job
                job.error, job.state = f"a fault of ours: {type(error).__name__}: {error}", "failed"
            else:
                job.state = "done"

    def _play(self, job: Job) -> None:
        settings: tuple[str, ...] = ()
        path = self.desk.shelf.scenario_file(job.scenario)
        if job.base is not None:
            base = self.desk.results(job.base)
            played = self.desk.played(base.manifest)
            path, settings = played.path, played.settings
        scenario = changed(path, (*settings, *settings_of(job.changes)))
        rows = job.replications * sum(salvo.count for salvo in scenario.salvos)
        if rows > ROWS_AT_MOST:
            raise TooLarge(f"{rows:,} threats in all; {ROWS_AT_MOST:,} at most: ask for fewer replications")
        tick = self._watch(job)
        tick(0, job.replications)
        name = folder_name(scenario, job.seed, job.replications)
        results = shieldwall.simulate(
            scenario, job.replications, job.seed, out=self.desk.shelf.runs / name, threads=os.cpu_count(), progress=tick
        )
        if job.base is not None:
            job.comparison = compared((job.base, base), (name, results))
        job.run = name

    def _watch(self, job: Job) -> Callable[[int, int], None]:
        """Return what a run calls with its progress; it stops one that was cancelled or takes too long."""
        deadline = time.monotonic() + self.seconds

        def tick(done: int, whole: int) -> None:
            job.done = min(done, whole)
            if job.cancelled.is_set():
                raise Cancelled
            if time.monotonic() > deadline:
                raise Cancelled(f"stopped after {self.seconds:.0f} s, the time that one job has")

        return tick


def folder_name(scenario: Scenario, seed: int, replications: int) -> str:
    """Return the name of a job's run: another for another scenario, catalogue or version."""
    digest = digest_of(scenario.hash, scenario.catalogue_hash, shieldwall.__version__)
    return f"{scenario.name}-seed{seed}-n{replications}-{digest}"


def _new_id() -> str:
    return secrets.token_hex(6)
