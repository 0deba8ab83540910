"""Write numbers as people read them in a table."""

from __future__ import annotations

import math

from shieldwall.results.statistics import Spread

_NONE = "-"


def number(value: float) -> str:
    """Return a count without decimals, anything else as `mean` does."""
    whole = math.isfinite(value) and value == round(value)
    return f"{value:,.0f}" if whole else mean(value)


def mean(value: float) -> str:
    """Return a mean: "1,235", "277.0", "0.03", "0" for exactly none; a dash for no value."""
    if not math.isfinite(value):
        return _NONE
    size = abs(value)
    if size == 0 or size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 0.95 else f"{value:.2f}"


def signed(value: float) -> str:
    """Return a difference with its sign."""
    return f"+{mean(value)}" if value > 0 else mean(value)


def band(values: Spread) -> str:
    """Return the 90 % band over replications: "12 to 19"."""
    low, high = values.ci90
    return f"{low:,.0f} to {high:,.0f}"


def money(usd: float) -> str:
    """Return USD in thousands, millions or billions."""
    if not math.isfinite(usd):
        return _NONE
    size = abs(usd)
    for factor, name in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if size >= factor:
            return f"{usd / factor:,.1f} {name}"
    return f"{usd:,.0f}"


def percent(share: float) -> str:
    """Return a share of one: "97.3 %", "0.4 %"."""
    return f"{100 * share:.1f} %" if math.isfinite(share) else _NONE
