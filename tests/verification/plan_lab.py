"""A small plan on the shipped scenario one-battery: sixty drones, two nations, four options."""

from __future__ import annotations

from pathlib import Path

PLAN = """
shieldwall: 1
name: plan-lab
time_zone: UTC
start: 2025-01-01 20:00
integration: autonomous
include: [one-battery/scenario.yaml]
people: {shelter: as-in-ukraine-2023}
plan:
  years: [2025, 2029]
  objective: OBJECTIVE
  share_of_production: 100 %
  nations:
    - {id: aa, sector: town, budget: [60e6 USD, 60e6 USD, 60e6 USD, 60e6 USD, 60e6 USD], floor: 10e6 USD}
    - {id: bb, sector: other, budget: [25e6 USD]}
  options:
    - {id: battery, nation: bb, buy: lab-battery, at: [town], most: 2, lead_time: 500 days}
    - {id: rounds, nation: aa, buy: lab-missile, lot: 12, most: 3, lead_time: 300 days}
    - {id: jamming, nation: all, buy: ew-mobile, at: [town], most: 2}
    - id: cover
      nation: aa
      cost: 20e6 USD
      operating: 1e6 USD
      lead_time: 100 days
      add: {passive: [{measure: decoy-site, of: town}]}
  raids:
    - {id: many, weight: 2, set: {raids.drones.count: 60}}
    - {id: few, set: {raids.drones.count: 20}}
"""


def write(folder: Path, text: str = PLAN, objective: str = "mean") -> Path:
    """Write the scenario into a folder and return its file."""
    file = folder / "scenario.yaml"
    file.write_text(text.replace("OBJECTIVE", objective), encoding="utf-8")
    return file
