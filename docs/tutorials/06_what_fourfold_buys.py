"""What does fourfold buy? Four and five times of everything, beside the money of it spent otherwise.

Run it with `python docs/tutorials/06_what_fourfold_buys.py`. The laydown, the raid and the options are notional; five
options and one raid keep it to half a minute. `shieldwall plan fourfold-plan` does the same with more of both.
"""

import tempfile
from pathlib import Path

import shieldwall
from shieldwall.planner.answer import answer
from shieldwall.planner.frontier import frontier
from shieldwall.planner.planning import Wanted, make_plan
from shieldwall.planner.purchases import forces_usd, ground_of
from shieldwall.scenario.load import read

# 1. "Increase air and missile defence by 400 %" is five times of it by arithmetic, four times as it is widely read.
for times in (1, 4, 5):
    scenario = shieldwall.load("fourfold", overrides=[f"scale.defence={times}"])
    total = shieldwall.simulate(scenario, replications=100, seed=1).summary().total
    print(f"x{times} of every fire unit: {total['leaked'].mean:5.1f} of 398 leak")

# 2. A plan names what could be bought instead, by whom, with what money.
PLAN = """
shieldwall: 1
name: five-options
time_zone: Europe/Warsaw
start: 2030-01-15 20:00
include: [fourfold/scenario.yaml]
plan:
  years: [2025, 2035]
  share_of_budget: 50 %
  share_of_production: 20 %
  nations:
    - {id: PL, sector: pl}
    - {id: RO, sector: ro}
  options:
    - {id: pl-patriot, nation: PL, buy: patriot-battery, at: [warsaw, powidz-airbase, gdansk-port], most: 6}
    - {id: pl-guns, nation: PL, buy: skyranger-30, at: [warsaw, lask-airbase, rzeszow-airport], most: 6}
    - {id: ro-patriot, nation: RO, buy: patriot-battery, at: [constanta-port, bucharest], most: 2}
    - {id: drone-teams, nation: all, buy: interceptor-drone-team, at: [warsaw, bucharest, constanta-port], most: 12}
    - id: hardening
      nation: all
      cost: 400e6 USD
      lead_time: 730 days
      add: {passive: [{measure: concrete-cover, of: [lask-airbase, powidz-airbase, kogalniceanu-airbase]}]}
"""
with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "scenario.yaml").write_text(PLAN, encoding="utf-8")
    ground = ground_of(read(folder), [])
    today = forces_usd(ground.today, ground.catalogue)
    fourfold = forces_usd(ground.file.load(["scale.defence=4"]), ground.catalogue)
    print(
        f"what stands today cost {today / 1e9:.1f} bn USD; x4 of the fire units, {(fourfold - today) / 1e9:.1f} bn more"
    )

    # 3. Make the plan. The first proof is the gap: no plan can do better than the bound, as the response has it.
    wanted = Wanted(replications=60, seed=1, seconds=600.0, gap=0.002)
    planned = make_plan(ground, wanted)
    found = answer(planned)
    print(f"damage over the years {found['objective']:.1f}, bound within {found['gap'] <= 0.002 and '0.2 %'}")
    for order in found["plan"]["orders"]:
        print(f"  {order['year']}: {order['count']:2d} {order['option']}, in use from {order['stands_from']}")

    # 4. The second proof: other luck, the runner-up, and four times of everything.
    shown = found["simulated"]
    for name in ("plan", "runner_up", "scaled"):
        one = shown[name]
        damage = one["last_year"]["damage"]["mean"]
        print(f"{name:10s} {one['cost_usd'] / 1e9:5.1f} bn USD to buy, damage in 2035 {damage:6.1f}")
    low, high = shown["difference_ci90"]
    print(f"the plan less the runner-up: {low:.2f} to {high:.2f} (90 %)")

    # 5. What each sum could buy, spent best, if it all stood at once.
    curve = frontier(ground, wanted, tips=False)
    for point in curve.points:
        leaked, damage = (point.simulated[name] @ curve.chance for name in ("leaked", "damage"))
        print(f"{point.spent_usd / 1e9:5.2f} bn USD: leaked {leaked:5.1f}, damage {damage:6.1f}")
