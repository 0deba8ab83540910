"""Find the built page: `viewer/` builds it beside this file, and the wheel carries it."""

from __future__ import annotations

import os
from pathlib import Path

from shieldwall.core.errors import InputError, Mistake

# Another place is for those who work on the page.
PAGE = Path(os.environ.get("SHIELDWALL_PAGE") or Path(__file__).with_name("page"))
SINGLE = "single.html"


def page_folder() -> Path | None:
    """Return the folder of the built page; None if it was not built."""
    return PAGE if (PAGE / "index.html").is_file() else None


def refuse_unbuilt() -> None:
    """Raise InputError with the cure if the page was not built."""
    if page_folder() is None:
        raise InputError(Mistake("", 0, 0, "the page is not built", "in a checkout with Node 20 or newer: make viewer"))
