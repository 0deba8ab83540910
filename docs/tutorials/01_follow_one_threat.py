"""Follow one threat: one battery against ten drones.

Run it with `python docs/tutorials/01_follow_one_threat.py`. The scenario is so small that pencil and paper give the
answer: the battery shoots at each drone at most twice, and each shot kills with probability 0.7.
"""

import shieldwall

# 1. Load. Every mistake in a scenario file is told here, with its line and its cure.
scenario = shieldwall.load("one-battery")
salvo, unit = scenario.salvos[0], scenario.fire_units[0]
weapon = unit.weapons[0]
print(f"{salvo.count} x {salvo.type.name} against {unit.name} with {weapon.ready_rounds} rounds ready")

# 2. Play the raid 10,000 times. The same seed gives the same bytes, on any number of threads.
results = shieldwall.simulate(scenario, replications=10_000, seed=1)
summary = results.summary()
leaked = summary.total["leaked"]
print(f"leakers a raid: {leaked.mean:.3f} +- {leaked.se:.3f}")

# 3. Compare with the closed form: a drone leaks if both shots miss; the second is fired only after a miss.
p = weapon.effector.kill_probability["drone"]
shots = scenario.doctrine.shots["drone"].max_shots
expected = salvo.count * (1 - p) ** shots
print(f"by hand:        {expected:.3f}, {(leaked.mean - expected) / leaked.se:+.1f} standard errors away")
fired = summary.rounds[weapon.effector.id].fired
print(f"rounds a raid:  {fired.mean:.2f}, by hand {salvo.count * (1 - (1 - p) ** shots) / p:.2f}")

# 4. Ask in SQL. One row a (replication, threat), its columns in the order of the ten stops.
table = results.query("select fate, count(*) / 10000.0 as per_raid from rows group by fate order by fate")
for row in table.to_pylist():
    print(f"  {row['fate']:<12} {row['per_raid']:.2f}")

# 5. Follow one drone. On the command line: shieldwall trace one-battery --threat drones/1
drone = results.query("select * from rows where replication = 0 and threat = 'drones/1'").to_pylist()[0]
for name in ("start_s", "first_track_s", "engageable_s", "rounds", "fate", "end_s"):
    print(f"  {name:<14} {drone[name]}")
