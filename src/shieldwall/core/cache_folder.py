"""Where this user's caches lie."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder of this user's caches for shieldwall; it may not exist."""
    if "XDG_CACHE_HOME" in os.environ:
        return Path(os.environ["XDG_CACHE_HOME"]) / "shieldwall"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "shieldwall" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "shieldwall"
    return Path.home() / ".cache" / "shieldwall"
