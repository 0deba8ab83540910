"""Addresses of jobs and diffs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI
from fastapi import Path as InPath

from shieldwall.web.desk import Desk
from shieldwall.web.edit import Change, diffs, settings_of
from shieldwall.web.jobs import Jobs
from shieldwall.web.models import DiffList, DiffRequest, JobList, JobModel, JobRequest, Refused
from shieldwall.web.refusal import RefusalError

JobId = Annotated[str, InPath(pattern="^[0-9a-f]{12}$")]
_FULL: dict[int | str, dict[str, Any]] = {429: {"model": Refused, "description": "Too many jobs are waiting."}}


def add_jobs(app: FastAPI, desk: Desk, jobs: Jobs) -> None:
    """Add the addresses of jobs to the application."""

    @app.post("/api/jobs", status_code=202, response_model=JobModel, responses=_FULL)
    def submit(request: JobRequest) -> Any:
        """Queue a run: of a base with changes, or of a scenario."""
        changes = tuple(Change(one.path, one.value) for one in request.changes)
        if (request.base is None) == (request.scenario is None):
            raise RefusalError("give either a base or a scenario")
        if request.base is not None:
            return jobs.submit_edit(request.base, changes, request.replications).to_json()
        assert request.scenario is not None
        return jobs.submit_scenario(request.scenario, changes, request.replications, request.seed).to_json()

    @app.get("/api/jobs", response_model=JobList)
    def all_jobs() -> Any:
        """List the jobs, the newest first, without their comparisons."""
        return {"jobs": [{**job.to_json(), "comparison": None} for job in jobs.list()]}

    @app.get("/api/jobs/{job_id}", response_model=JobModel)
    def one_job(job_id: JobId) -> Any:
        """Return a job as it stands."""
        return jobs.get(job_id).to_json()

    @app.delete("/api/jobs/{job_id}", response_model=JobModel)
    def cancel(job_id: JobId) -> Any:
        """Cancel a job; one that has ended stays as it is."""
        return jobs.cancel(job_id).to_json()

    @app.post("/api/diff", response_model=DiffList)
    def diff(request: DiffRequest) -> Any:
        """Return what changes would do to the scenario's files, as unified diffs that keep every comment."""
        played = desk.played(desk.results(request.base).manifest)
        changes = tuple(Change(one.path, one.value) for one in request.changes)
        return {"files": diffs(played.path, (*played.settings, *settings_of(changes)))}
