"""Pack how sensors look, look by look, for scenarios that ask for it."""

from __future__ import annotations

import numpy as np

from shieldwall.core.errors import InputError, Mistake
from shieldwall.engine.looks import Looks
from shieldwall.engine.orbit_sight import variants_of
from shieldwall.engine.rows import starts
from shieldwall.scenario.types import Scenario
from shieldwall.surveillance.conditions import Absences, Conditions
from shieldwall.tables import Int, Watch

# A look's number has its place in the counter of the generator.
_LOOKS_MOST = 65_536


def pack_watch(scenario: Scenario, looks: Looks, order: Int, group: Int) -> Watch:
    """Return the tables of looks for the detections `order` of `looks`, each of a group.

    Raises
    ------
    InputError
        If a sensor looks so often that its looks cannot be played one by one.
    """
    asked, sensors = scenario.conditions or Conditions(), scenario.sensors
    count = np.diff(looks.bin_first)[order]
    first = starts(count)
    bins = np.repeat(looks.bin_first[order] - first[:-1], count) + np.arange(first[-1])
    scan_s = np.array([q.type.scan_s for q in sensors], np.float64)
    often = (looks.leave_s - looks.enter_s) / scan_s[looks.place] if looks.place.size else np.zeros(1)
    if often.max(initial=0.0) >= _LOOKS_MOST:
        name = sensors[int(looks.place[int(often.argmax())])].id
        what = f"sensor '{name}' looks {often.max():,.0f} times at one threat; look by look the most is {_LOOKS_MOST:,}"
        raise InputError(Mistake("", 0, 0, what, "give its type a longer scan"))
    absent = [q.absences or Absences() for q in sensors]
    spans = [span for one in absent for span in one.off_s]
    warns = np.array([asked.quality and q.type.quality == "warn" for q in sensors], bool)
    return Watch(
        bin_first=first,
        variant=looks.variant[order],
        until_s=looks.until_s[bins],
        chance=looks.chance[bins],
        period_s=np.array([q.orbit.period_s if q.orbit else 0.0 for q in sensors], np.float64),
        phase=np.array([-1.0 if q.phase is None else q.phase for q in sensors], np.float64),
        variants=np.array([variants_of(q.orbit) if q.orbit else 1 for q in sensors], np.int64),
        # half a scan more, so that the last of n looks counts whatever a float makes of it
        window_s=(asked.window - 0.5) * scan_s if asked.window else np.full(scan_s.shape, np.inf),
        coast_s=(asked.coast + 0.5) * scan_s if asked.coast else np.full(scan_s.shape, np.inf),
        quality=np.where(warns, 0, 1).astype(np.int64),
        between_s=np.array([one.between_s for one in absent], np.float64),
        repair_s=np.array([one.repair_s for one in absent], np.float64),
        off_first=starts([len(one.off_s) for one in absent]),
        off_from_s=np.array([span[0] for span in spans], np.float64),
        off_until_s=np.array([span[1] for span in spans], np.float64),
        plots=np.array([int(asked.fusion == "plots")], np.int64),
        warn_only=np.array([int(warns.any())], np.int64),
        stays=np.array([max(np.bincount(group).max(initial=0), 1)], np.int64),
    )
