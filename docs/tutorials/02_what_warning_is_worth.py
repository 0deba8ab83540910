"""What warning is worth: the same drones, the same luck, with and without an alarm.

Run it with `python docs/tutorials/02_what_warning_is_worth.py`. The scenario is `one-battery`, whose leakers pencil and
paper give; here a town of 50,000 lives under it. The figures of harm are public, old and ranges: what counts is the
difference between two rows, not the rows.
"""

import math

import numpy as np

import shieldwall
from shieldwall.passive_defence.shelter import relative_risk
from shieldwall.scenario.types import Scenario

TIRED, BASEMENTS = "as-in-ukraine-2023", "basement-programme"


def load(shelter: str, warning: str | None) -> Scenario:
    """Return the scenario with people in its town, who are warned or not."""
    settings = [f"people.shelter={shelter}", *([f"people.warning={warning}"] if warning else [])]
    return shieldwall.load("one-battery", overrides=settings)


# 1. Nobody is warned. Drones that get through are 0.9 a raid; how many they hurt follows from density and warhead.
scenario = load(TIRED, None)
people, town, drone = scenario.passive.people, scenario.assets[0], scenario.salvos[0].type
covered = people.consequence.area_m2 * drone.warhead_kg ** (2 / 3) / (math.pi * town.radius_m**2)
habits = people.habits[TIRED]
crowd = 1 + habits.outdoors["evening"] * (habits.risk_outdoors - 1)
hurt = shieldwall.simulate(scenario, replications=10_000, seed=1).summary().people.casualties
print(f"killed or gravely hurt a raid, nobody warned: {hurt.mean:.3f} +- {hurt.se:.3f}")
print(f"by hand:                                      {0.9 * town.population * covered * crowd:.3f}")

# 2. The same raid with sirens, with a broadcast to every phone, and with shelters that people really go to.
print("                                      hurt  avoided  90 % of the mean")
for shelter in (TIRED, BASEMENTS):
    for warning in ("sirens", "cell-broadcast"):
        run = shieldwall.simulate(load(shelter, warning), replications=10_000, seed=1)
        told = run.summary().people
        hurt, avoided = told.casualties, told.avoided
        name = f"{shelter}, {warning}"
        print(f"{name:<36}  {hurt.mean:.2f}    {avoided.mean:.2f}   {avoided.low:.2f} to {avoided.high:.2f}")

# 3. How long had the alarm been on? Drones at 180 km/h, seen 60 km out, leave time for everything.
answer = run.query("select count(*) n, avg(warning_s) mean_s, min(warning_s) least_s from impacts").to_pylist()[0]
print(f"{answer['n']:,} hits; alarm on for {answer['mean_s'] / 60:.0f} min, {answer['least_s'] / 60:.0f} at least")

# 4. A ballistic missile gives a minute or three, not twenty. The shelter curve says what each is worth.
warning_s = np.array([0.0, 30.0, 60.0, 120.0, 300.0, 1_200.0])
alert = load(BASEMENTS, "cell-broadcast").passive.people
evening, reached = np.full(6, 21.0), np.full(6, alert.alert.reached_day)
print("risk left after a warning of, s:" + "".join(f"{seconds:8.0f}" for seconds in warning_s))
for kind in (habits, alert.habits[BASEMENTS]):
    risk = relative_risk(warning_s, evening, reached, kind)
    print(f"  {kind.id:<30}" + "".join(f"{share:8.2f}" for share in risk / risk[0]))

# 5. Beside history: by a study of phones, without alerts deaths in Ukraine would at first have been up to 45 % higher.
print(f"avoided there up to {1 - 1 / 1.45:.0%}, here {avoided.mean / told.unwarned.mean:.0%} with basements for 80 %")
