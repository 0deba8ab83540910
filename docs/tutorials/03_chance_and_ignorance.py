"""Chance and ignorance: what luck does to one raid, and what not knowing the figures does to every answer.

Run it with `python docs/tutorials/03_chance_and_ignorance.py`. One battery against ten drones, where a closed form is
at hand, with the kill probability anything between 0.5 and 0.9.
"""

from shieldwall.scenario.load import read
from shieldwall.study.figures import Space, UncertainFigure
from shieldwall.study.uncertainty import Raids, ignorance, tipping

KILL = "effectors.lab-missile.kill_probability.drone"

# 1. What is not known: one figure between two ends. `shieldwall uncertainty` takes every assumed figure of a scenario.
figure = UncertainFigure(KILL, low=0.5, value=0.7, high=0.9, unit="fraction", whole=False, group="kill", good=1)
space = Space((figure,), "uniform")

# 2. An outer design over it (scrambled Sobol points), inner raids on the same luck at every point.
found = ignorance(Raids(read("one-battery"), replications=128, seed=1), space, points=32).outputs["leaked"]
print(f"leakers a raid:  {found.mean:.2f} +- {found.half_width:.2f}")
print(f"chance:          {found.chance.value:.2f} a raid, if the figure were known")
print(f"ignorance:       {found.ignorance.value:.2f} of the mean, because it is not")
low, high = found.share.low, found.share.high
print(f"share:           {found.share.value:.0%} of the variance is ignorance ({low:.0%} to {high:.0%})")

# 3. By hand: ten drones, two shots each, a drone leaks with (1 - p)**2; p uniform on 0.5 to 0.9.
points = [0.5 + 0.4 * (k + 0.5) / 1000 for k in range(1000)]
leak = [(1 - p) ** 2 for p in points]
mean = sum(leak) / 1000
print(f"by hand: mean {10 * mean:.2f}, chance {(10 * sum(x * (1 - x) for x in leak) / 1000) ** 0.5:.2f}, "
      f"ignorance {10 * (sum(x * x for x in leak) / 1000 - mean**2) ** 0.5:.2f}")  # fmt: skip

# 4. Where does a decision tip? One leaker a raid is too many: the kill probability must be at least...
_, (tip,) = tipping(Raids(read("one-battery"), replications=512, seed=1), figure, "leaked", threshold=1.0)
print(f"one leaker a raid at p = {tip.at:.3f} ({tip.low:.3f} to {tip.high:.3f}); by hand {1 - 0.1**0.5:.3f}")
