"""`shieldwall siting FILE|SCENARIO`: choose sites, and say how good the choice provably is."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from shieldwall.cli.interrupt import Interrupted
from shieldwall.cli.terminal import remark
from shieldwall.core.errors import InputError, Mistake

_SHOWN = 20
_LIMIT_S = 50.0


def siting(
    name: str, settings: Sequence[str], *, sites: int | None, radius_m: float | None, time_limit_s: float | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Choose sites for a file of places in the public format (`sites` and `radius_m` given) or for a scenario.

    Raises
    ------
    InputError
        If the file, a number or the time limit is wrong.
    """
    start_s = time.perf_counter()
    if time_limit_s is not None and not (math.isfinite(time_limit_s) and time_limit_s > 0.0):
        raise InputError(Mistake("", 0, 0, f"a time limit of {time_limit_s} s is not above 0", "give seconds"))
    limit_s = _LIMIT_S if time_limit_s is None else time_limit_s
    if radius_m is None and not _is_public(Path(name)):
        from shieldwall.cli.siting_scenario import siting_scenario  # noqa: PLC0415  the domain is not needed for files

        siting_scenario(name, settings, sites=sites, limit_s=limit_s, start_s=start_s, as_json=as_json)
        return
    if sites is None or radius_m is None:
        missing = "--sites P" if sites is None else "--radius METRES"
        raise InputError(Mistake("", 0, 0, f"a file of places needs {missing}", "give both --sites and --radius"))
    if settings:
        raise InputError(Mistake("", 0, 0, "--set changes scenarios, and this is a file of places", "leave it out"))
    _public(Path(name), sites, radius_m, limit_s, start_s, as_json=as_json)


def _is_public(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() not in (".yaml", ".yml")


def _public(path: Path, count: int, radius_m: float, limit_s: float, start_s: float, *, as_json: bool) -> None:
    from shieldwall.solvers.covering import solve  # noqa: PLC0415  numba and the solver are slow to import
    from shieldwall.solvers.covering_instance import read_covering  # noqa: PLC0415

    covering = read_covering(path, radius_m)
    answer = solve(covering, count, time_limit_s=limit_s, start_s=start_s, report=_progress(as_json=as_json))
    if as_json:
        found = {
            "value": answer.value, "upper_bound": answer.upper_bound, "gap": answer.gap, "wall_s": answer.wall_s,
            "greedy_value": answer.greedy_value, "sites": answer.sites.tolist(),
        }  # fmt: skip
        print(json.dumps(found), flush=True)
    else:
        total = float(covering.values.sum())
        share = answer.value / total if total > 0.0 else 0.0
        more = answer.value / answer.greedy_value - 1.0 if answer.greedy_value > 0.0 else 0.0
        print(f"covered value  {answer.value:,.10g}  ({share:.2%} of {total:,.10g})")
        print(f"upper bound    {answer.upper_bound:,.10g}  ({_proof(answer.gap)})")
        print(f"greedy         {answer.greedy_value:,.10g}  (this choice covers {more:.2%} more)")
        print(f"time           {answer.wall_s:.1f} s")
        shown = ", ".join(map(str, answer.sites[:_SHOWN].tolist()))
        rest = f", ... and {answer.sites.size - _SHOWN} more; --json prints all" if answer.sites.size > _SHOWN else ""
        print(f"sites, from 0  {shown}{rest}", flush=True)
    if answer.interrupted:
        raise Interrupted(f"interrupted; the best choice so far is printed, its gap is {answer.gap:.3%}")


def _proof(gap: float) -> str:
    return "proven best" if gap == 0.0 else f"gap {gap:.3%}"


def _progress(*, as_json: bool) -> Callable[[float, float, float], None] | None:
    """Return what is called with the value, the bound and the seconds left; None where nobody watches."""
    if as_json or not sys.stderr.isatty():
        return None

    def tell(value: float, bound: float, left_s: float) -> None:
        remark(f"covered {value:,.10g}, bound {bound:,.10g}, gap {(bound - value) / bound:.3%}, {left_s:.0f} s left")

    return tell
