"""`shieldwall assign INSTANCE`: assign weapons to targets, and say how good that provably is."""

from __future__ import annotations

import json
import math
from pathlib import Path

from shieldwall.core.errors import InputError, Mistake

_SHOWN = 20


def assign(file: Path, time_limit_s: float | None, as_json: bool) -> None:
    """Read an instance, solve it and print the assignment.

    Parameters
    ----------
    file : instance in the public text format or our JSON
    time_limit_s : stop about then, seconds; None: until proven
    as_json : print one JSON object, {"value", "lower_bound", "gap", "wall_s", "greedy_value", "assignment"}; each entry
        of the assignment is [weapon, target, rounds], counted from 0

    Raises
    ------
    InputError
        If the file or the time limit is wrong.
    """
    from shieldwall.solvers.weapon_target import solve  # noqa: PLC0415  numba is slow to import and --help needs none
    from shieldwall.solvers.wta_instance import read_instance  # noqa: PLC0415

    if time_limit_s is not None and not (math.isfinite(time_limit_s) and time_limit_s > 0.0):
        raise InputError(Mistake("", 0, 0, f"a time limit of {time_limit_s} s is not above 0", "give seconds"))
    answer = solve(read_instance(file), time_limit_s)
    rows = answer.assignment.tolist()
    if as_json:
        print(
            json.dumps(
                {
                    "value": answer.value,
                    "lower_bound": answer.lower_bound,
                    "gap": answer.gap,
                    "wall_s": answer.wall_s,
                    "greedy_value": answer.greedy_value,
                    "assignment": rows,
                }
            )
        )
        return
    better = 1.0 - answer.value / answer.greedy_value if answer.greedy_value > 0.0 else 0.0
    print(f"surviving value  {answer.value:.6f}")
    print(f"lower bound      {answer.lower_bound:.6f}  (gap {answer.gap:.2e})")
    print(f"marginal return  {answer.greedy_value:.6f}  (this plan leaves {better:.1%} less)")
    print(f"time             {answer.wall_s:.2f} s")
    print("weapon -> target x rounds")
    for weapon, target, rounds in rows[:_SHOWN]:
        print(f"{weapon:6d} -> {target:6d} x {rounds}")
    if len(rows) > _SHOWN:
        print(f"... and {len(rows) - _SHOWN} more; --json prints all")
