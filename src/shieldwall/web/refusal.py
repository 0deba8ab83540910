"""What the server says no with: each a status of HTTP."""

from __future__ import annotations


class RefusalError(Exception):
    """A request that cannot be answered; `status` says which kind it is, the text why."""

    status = 400


class Absent(RefusalError):  # noqa: N818  it is no fault
    """There is nothing of that name."""

    status = 404


class Conflict(RefusalError):  # noqa: N818
    """It is there, but not in a state to answer this."""

    status = 409


class Full(RefusalError):  # noqa: N818
    """Too much is waiting already."""

    status = 429


class TooLarge(RefusalError):  # noqa: N818
    """More than the server plays for one request."""

    status = 413
