"""The application: every address, what it answers, and what it refuses."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.web.built import page_folder
from shieldwall.web.desk import Desk
from shieldwall.web.exercise_routes import add_exercises
from shieldwall.web.job_routes import add_jobs
from shieldwall.web.jobs import Jobs
from shieldwall.web.models import FileList, Health, Refused, RunList, ScenarioList, Stops, Wrong
from shieldwall.web.refusal import RefusalError
from shieldwall.web.shelf import NAME
from shieldwall.web.single import single

RunName = Annotated[str, InPath(pattern=f"^{NAME.pattern}$", description="A run of the folder.")]
RunAsked = Annotated[str, Query(pattern=f"^{NAME.pattern}$", description="A run of the folder.")]
Replication = Annotated[int, InPath(ge=0, le=2**31, description="Counted from 0.")]
Asked = Annotated[str, Query(max_length=200)]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refused | Wrong, "description": "The input is wrong."},
    404: {"model": Refused, "description": "There is nothing of that name."},
    409: {"model": Refused, "description": "It is there, but cannot answer this."},
    413: {"model": Refused, "description": "Too large."},
    414: {"model": Refused, "description": "The address is too long."},
    422: {"model": Refused, "description": "The request is not as described."},
}

_KINDS = {".mjs": "text/javascript", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
_HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9]+$")


def _object(says: str) -> dict[int | str, dict[str, Any]]:
    """Return the description of a large answer, whose parts docs/reference/page.md names."""
    return {200: {"description": says, "content": {"application/json": {"schema": {"type": "object"}}}}}


def create_app(desk: Desk, *, start: str | None = None, jobs: Jobs | None = None) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    desk : what it may open
    start : the run that the page opens with
    jobs : the queue; a new one if None
    """
    app = FastAPI(
        title="shieldwall",
        version=shieldwall.__version__,
        description="Runs of an air-defence simulator, raid by raid. docs/reference/page.md describes the answers.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=_REFUSALS,
    )
    app.add_middleware(GZipMiddleware, minimum_size=2_000, compresslevel=5)
    _add_refusals(app)
    _add_lists(app, desk, start)
    _add_runs(app, desk)
    add_jobs(app, desk, jobs or Jobs(desk))
    add_exercises(app, desk)
    _add_page(app)
    return app


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(RefusalError)
    def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, RefusalError)
        return JSONResponse({"detail": str(error)}, error.status)

    @app.exception_handler(InputError)
    def wrong(_: Request, error: Exception) -> Response:
        assert isinstance(error, InputError)
        found = [
            {"what": one.what, "cure": one.cure, "at": f"{Path(one.file).name}:{one.line}" if one.file else ""}
            for one in error.mistakes
        ]
        return JSONResponse({"mistakes": found}, 400)

    @app.exception_handler(RequestValidationError)
    def unlike(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        said = [f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}" for one in error.errors()[:8]]
        return JSONResponse({"detail": "; ".join(said)}, 422)


def _add_lists(app: FastAPI, desk: Desk, start: str | None) -> None:
    @app.get("/api/health", response_model=Health)
    def health() -> Any:
        """Say who answers, and which run the page opens with."""
        return {"shieldwall": shieldwall.__version__, "start": start, "exercise": True}

    @app.get("/api/runs", response_model=RunList)
    def runs() -> Any:
        """List the runs of the folder, the newest first."""
        return {"runs": desk.shelf.list_runs()}

    @app.get("/api/scenarios", response_model=ScenarioList)
    def scenarios() -> Any:
        """List the scenarios that may be played."""
        return {"scenarios": desk.scenarios()}


def _add_runs(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/runs/{run}", responses=_object("The run: laydown, coverage, and figures over its replications."))
    def run_document(run: RunName) -> Response:
        """Return a run."""
        return _json(desk.run_document(run))

    @app.get("/api/runs/{run}/replays/{replication}", responses=_object("Paths, threats, shots, events, magazines."))
    def replay(run: RunName, replication: Replication) -> Response:
        """Return one raid of a run, played again from its seed."""
        return _json(desk.replay(run, replication))

    @app.get("/api/runs/{run}/replays/{replication}/stops", response_model=Stops)
    def stops(run: RunName, replication: Replication, threat: Asked) -> Any:
        """Tell the ten stops of one threat."""
        return desk.stops(run, replication, threat)

    @app.get(
        "/api/runs/{run}/replays/{replication}/page",
        response_class=Response,
        responses={
            200: {"description": "The page with this run inside, as one HTML file.", "content": {"text/html": {}}},
            503: {"model": Refused, "description": "The page was not built."},
        },
    )
    def page(run: RunName, replication: Replication) -> Response:
        """Return the page in one file that opens from disk, this raid first."""
        if page_folder() is None:
            return JSONResponse({"detail": "the page was not built"}, 503)
        content = single(desk, run, replication)
        name = f"{run}-{replication}.html"
        head = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type="text/html", headers=head)

    @app.get("/api/runs/{run}/footprints", responses=_object("GeoJSON: the ground that a fire unit protects."))
    def footprints(run: RunName, unit: Asked, against: Asked = "") -> Response:
        """Draw the footprints of a fire unit."""
        return _json(desk.footprints(run, unit, against))

    @app.get("/api/runs/{run}/scenario", response_model=FileList)
    def scenario(run: RunName) -> Any:
        """Return the files of the run's scenario."""
        return desk.scenario_text(run)

    @app.get("/api/compare", responses=_object("Quantities of both runs and their paired differences."))
    def compare(base: RunAsked, other: RunAsked) -> Response:
        """Set two runs against each other on the same luck."""
        return JSONResponse(desk.compare(base, other))


class _Page(StaticFiles):
    """The files of the built page; those whose names hold a hash of their content never change."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        """Return a file, with how long it may be kept."""
        answer = super().file_response(*given, **named)
        kept = _HASHED.search(str(given[0]))
        answer.headers["cache-control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return answer


def _add_page(app: FastAPI) -> None:
    """Serve the built page; where it was not built, say how."""
    folder = page_folder()
    for suffix, kind in _KINDS.items():
        mimetypes.add_type(kind, suffix)

    @app.api_route("/api/{rest:path}", methods=["GET", "POST", "PUT", "DELETE", "PATCH"], include_in_schema=False)
    def nothing(rest: str) -> Response:
        return JSONResponse({"detail": f"there is no /api/{rest[:80]}"}, 404)

    @app.get("/", include_in_schema=False)
    def index() -> Response:
        if folder is None:
            return Response("The page is not built: make viewer\n", 503, media_type="text/plain")
        return FileResponse(folder / "index.html", headers={"cache-control": "no-cache"})

    if folder is not None:
        app.mount("/", _Page(directory=folder), name="page")


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
