"""Serve the application on one address until the user stops it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

import uvicorn

from shieldwall.core.errors import InputError, Mistake
from shieldwall.web.app import create_app
from shieldwall.web.desk import Desk
from shieldwall.web.guard import LOOPBACK, Guard
from shieldwall.web.jobs import Jobs

_LOOPBACK_ADDRESSES = ("127.0.0.1", "localhost", "::1")
_CONNECTIONS_AT_MOST = 64
_IDLE_S, _GOODBYE_S = 30, 2


def is_loopback(host: str) -> bool:
    """Say whether an address can be reached from this machine alone."""
    return host in _LOOPBACK_ADDRESSES


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; port 0 takes a free one.

    Raises
    ------
    InputError
        If it is taken, or is not an address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(_CONNECTIONS_AT_MOST)
    except OSError as error:
        bound.close()
        what = f"{host}:{port} cannot be listened on ({error.strerror or error})"
        raise InputError(Mistake("", 0, 0, what, "give another --port, or --port 0 for any that is free")) from None
    return bound


def serve(desk: Desk, bound: socket.socket, *, start: str | None, token: str, ready: Callable[[], None]) -> None:
    """Answer requests until an interrupt; `ready` is called once the server does.

    Raises
    ------
    KeyboardInterrupt
        Never: the interrupt ends the server, and that is how it is meant to end.
    """
    jobs = Jobs(desk)
    app = create_app(desk, start=start, jobs=jobs)
    hosts = frozenset[str]() if token else LOOPBACK
    config = uvicorn.Config(
        Guard(app, hosts=hosts, token=token),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_IDLE_S,
        timeout_graceful_shutdown=_GOODBYE_S,
        limit_concurrency=_CONNECTIONS_AT_MOST,
        lifespan="off",
        ws="none",
    )
    server = _Server(config, ready)
    try:
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            server.run(sockets=[bound])
    finally:
        jobs.cancel_all()
        bound.close()


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
