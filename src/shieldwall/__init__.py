"""An open simulator and force planner for integrated air and missile defence.

Public: `load`, `simulate`, `Results`, `plot`, `__version__`. Each is imported when it is first asked for, so that
`import shieldwall` costs nothing and `shieldwall --help` answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shieldwall import plot
    from shieldwall.engine.simulate import simulate
    from shieldwall.results.results import Results
    from shieldwall.scenario.load import load

__version__ = "0.1.0"
__all__ = ["Results", "__version__", "load", "plot", "simulate"]

_HOME = {
    "load": "shieldwall.scenario.load",
    "simulate": "shieldwall.engine.simulate",
    "Results": "shieldwall.results.results",
    "plot": "shieldwall.plot",
}


def __getattr__(name: str) -> Any:
    """Import a public name from where it lives when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module 'shieldwall' has no attribute '{name}'; public names: {', '.join(__all__)}")
    home = import_module(_HOME[name])
    value = home if name == "plot" else getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
