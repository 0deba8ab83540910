"""Make a quiet HiGHS solver."""

from __future__ import annotations

import highspy


def quiet_solver(seconds: float) -> highspy.Highs:
    """Return a solver that prints nothing, runs on one thread, and stops in time."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", max(seconds, 0.01))
    return solver
