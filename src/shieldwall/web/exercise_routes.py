"""Addresses of exercises."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Response
from fastapi import Path as InPath

from shieldwall.scenario.load import load
from shieldwall.web.desk import Desk, encoded
from shieldwall.web.exercise import Exercises
from shieldwall.web.models import AdvanceRequest, ExerciseRequest, Refused
from shieldwall.web.refusal import RefusalError

SessionId = Annotated[str, InPath(pattern="^[0-9a-f]{16}$")]
_SESSION: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}
_FULL: dict[int | str, dict[str, Any]] = {429: {"model": Refused, "description": "Too many exercises or orders."}}


def add_exercises(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of exercises to the application."""
    sessions = Exercises()
    asked: dict[int | str, dict[str, Any]] = {200: {"description": "The session.", **_SESSION}}

    @app.post("/api/exercises", status_code=201, responses={201: {"description": "The session.", **_SESSION}, **_FULL})
    def begin(request: ExerciseRequest) -> Response:
        """Begin an exercise, with the raid before its first launch."""
        if (request.base is None) == (request.scenario is None):
            raise RefusalError("give either a base or a scenario")
        if request.base is not None:
            manifest = desk.results(request.base).manifest
            desk.refuse_replication(manifest, request.replication)
            ready, seed = desk.ready(manifest), manifest.seed
        else:
            assert request.scenario is not None
            scenario = load(str(desk.shelf.scenario_file(request.scenario)))
            ready, seed = desk.ready_scenario(scenario), request.seed
        session = sessions.begin(ready, seed, request.replication)
        return _json(session.to_json(whole=True), 201)

    @app.get("/api/exercises/{session_id}", responses={**asked})
    def session(session_id: SessionId) -> Response:
        """Return an exercise as it stands, with its laydown and paths."""
        found = sessions.get(session_id)
        with found.lock:
            return _json(found.to_json(whole=True))

    @app.post("/api/exercises/{session_id}/advance", responses={**asked, **_FULL})
    def advance(session_id: SessionId, request: AdvanceRequest) -> Response:
        """Give orders and let the raid go on."""
        found = sessions.get(session_id)
        orders = [order.model_dump(by_alias=True) for order in request.orders]
        with found.lock:
            found.advance(request.until / 1000.0, orders)
            return _json(found.to_json(whole=False))

    @app.get("/api/exercises/{session_id}/review", responses={**asked})
    def review(session_id: SessionId) -> Response:
        """Return what came of it, beside what the automatic doctrine does on the same luck."""
        found = sessions.get(session_id)
        with found.lock:
            return _json(found.review())

    @app.delete("/api/exercises/{session_id}", status_code=204)
    def end(session_id: SessionId) -> Response:
        """End an exercise."""
        sessions.end(session_id)
        return Response(status_code=204)


def _json(value: Any, status: int = 200) -> Response:
    return Response(encoded(value), status, media_type="application/json")
