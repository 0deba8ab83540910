"""Who may ask, and what browsers are told: hosts, tokens, sizes, times, headers. Plain ASGI around the application."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "shieldwall"
BODY_AT_MOST = 256_000
ADDRESS_AT_MOST = 4_000
SECONDS_AT_MOST = 180.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


class Refused(Exception):  # noqa: N818  it is no error of ours
    """A request that goes no further."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@dataclass(frozen=True, slots=True)
class Guard:
    """Wraps the application. Without a token only requests to this machine's own names are let in.

    hosts : names that a request may ask for; empty: any (a token is then needed)
    token : what everybody must show, as `Authorization: Bearer`, as a cookie, or once as `/?token=`
    """

    app: App
    hosts: frozenset[str] = LOOPBACK
    token: str = ""
    seconds: float = SECONDS_AT_MOST

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or say why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, body = False, _Body(receive)

        async def told(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                status = 413 if body.too_long else message["status"]
                names = {name for name, _ in message["headers"]}
                extra = [(k.encode(), v.encode()) for k, v in HEADERS if k.encode() not in names]
                if scope["path"].startswith("/api") and b"cache-control" not in names:
                    extra.append((b"cache-control", b"no-store"))
                message = {**message, "status": status, "headers": [*message["headers"], *extra]}
            await send(message)

        try:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
            self._check(scope, headers)
            if self.token and not self._known(headers):
                await self._welcome(scope, told)
                return
            async with asyncio.timeout(self.seconds):
                await self.app(scope, body.receive, told)
        except Refused as refused:
            if started:
                raise
            await _answer(told, refused.status, refused.detail)
        except TimeoutError:
            if started:
                raise
            await _answer(told, 503, f"this took more than {self.seconds:.0f} s")

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        """Refuse what asks for another host, comes from another site, or is too long."""
        host = headers.get("host", "")
        if self.hosts and _without_port(host) not in self.hosts:
            raise Refused(421, "this server answers to 127.0.0.1 and localhost only")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > BODY_AT_MOST:
            raise Refused(413, f"more than {BODY_AT_MOST:,} bytes")
        if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > ADDRESS_AT_MOST:
            raise Refused(414, "the address is too long")
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc != host
        if scope["method"] not in ("GET", "HEAD") and (foreign or headers.get("sec-fetch-site") == "cross-site"):
            raise Refused(403, "another site may not ask for this")

    def _known(self, headers: dict[str, str]) -> bool:
        """Say whether a request shows the token."""
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _same(shown.strip(), self.token):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and _same(cookie.value, self.token)

    async def _welcome(self, scope: Scope, send: Send) -> None:
        """Turn `/?token=` into a cookie; refuse anybody else."""
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if scope["method"] == "GET" and scope["path"] == "/" and _same(query.get("token", ""), self.token):
            cookie = f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/"
            head = [(b"location", b"/"), (b"set-cookie", cookie.encode()), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 303, "headers": head})
            await send({"type": "http.response.body", "body": b""})
            return
        await _answer(send, 401, "a token is needed: open the address that 'shieldwall view' printed")


class _Body:
    """The body of a request, counted while it comes: its length may not have been said."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0

    @property
    def too_long(self) -> bool:
        """Say whether more came than is allowed."""
        return self._bytes > BODY_AT_MOST

    async def receive(self) -> Message:
        """Return the next part; raise Refused once there is too much."""
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self.too_long:
            raise Refused(413, f"more than {BODY_AT_MOST:,} bytes")
        return message


def _same(shown: str, token: str) -> bool:
    return secrets.compare_digest(shown.encode(), token.encode())


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdecimal() else host.lower()


async def _answer(send: Send, status: int, detail: str) -> None:
    body = json.dumps({"detail": detail}).encode()
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        head.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
