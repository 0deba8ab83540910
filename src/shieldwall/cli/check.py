"""`shieldwall check`: say that a scenario is right, or let its mistakes be told."""

from __future__ import annotations

from collections.abc import Sequence

import shieldwall


def check(name: str, settings: Sequence[str]) -> None:
    """Read a scenario and print what it holds; its mistakes leave as an InputError."""
    scenario = shieldwall.load(name, overrides=settings)
    threats = sum(salvo.count for salvo in scenario.salvos)
    print(
        f"{scenario.name}: right. {len(scenario.assets)} assets, {len(scenario.fire_units)} fire units, "
        f"{len(scenario.sensors)} sensors, {threats} threats in {len(scenario.salvos)} salvos."
    )
    if scenario.assumed_figures:
        print(f"{len(scenario.assumed_figures)} of the figures it uses are assumed, not published.")
    for note in scenario.notes:
        print(f"note: {note}")
