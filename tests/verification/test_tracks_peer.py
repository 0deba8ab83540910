"""Tracks of two radars against Stone Soup's tracker: when they start, and for how long they are held."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

import shieldwall
from shieldwall.core.geodesy import ecef_m
from shieldwall.engine.roster import in_order
from shieldwall.engine.simulate import prepare
from shieldwall.engine.windows import compute_geometry
from shieldwall.state import new_search
from shieldwall.surveillance.detection import detection_at_range
from shieldwall.surveillance.watch import seek
from verification.lab import Fields, place, radar, raid, scenario, threat, write

REPLICATIONS = 240
SCAN_S, HITS, WINDOW, COAST = 10.0, 3, 5, 2
RANGE_KM, CHANCE, ALARM = 35.0, 0.6, 1e-6
SITES = (place(60, 25.0), place(100, 12.0))
NOISE_M = 80.0


def case() -> Fields:
    """Return a drone past two radars whose chance a look falls with range; both tell one network what they see."""
    eye = radar("eye", range_km=RANGE_KM, scan=SCAN_S, hits=HITS, detection=CHANCE, mast=500.0)
    fields = scenario([raid(1)], catalogue={"sensors": [radar("dim", range_km=1.0), eye]})
    fields["catalogue"]["threats"] = [threat(height=2_000.0, cross=1.0)]
    fields["catalogue"]["fire_units"][0]["radar"] = "dim"
    fields["sensors"] = [{"id": f"eye-{k}", "type": "eye", "position": site} for k, site in enumerate(SITES)]
    asked = {"detection": "by_range", "false_alarm": ALARM, "window": WINDOW, "coast": COAST, "fusion": "plots"}
    return fields | {"integration": "alliance", "surveillance": asked}


def ours(path: Path) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return the start of the first track and the share of time in sight with a track, and when sight is."""
    tables, _ = prepare(shieldwall.load(path))
    group = int(np.flatnonzero(np.diff(tables.groups.detection_first))[0])
    rows = tables.groups.detection_first[group : group + 2].tolist()
    begin_s, end_s = float(tables.detections.enter_s.min()), float(tables.detections.leave_s.max())
    search, lost_s = new_search(8, 1), np.full(tables.sensors.shape[0], np.inf)
    starts, shares = [], []
    for r in range(REPLICATIONS):
        held, after_s = [], -np.inf
        while True:
            track_s, sensor, gone_s = seek(
                *rows, 0.0, after_s, end_s, 0, tables.threats[0].actor, tables, lost_s, search, np.uint64(7),
                np.uint64(r),
            )  # fmt: skip
            if sensor < 0:
                break
            held.append((track_s, min(gone_s, end_s)))
            after_s = gone_s
            if gone_s == np.inf:
                break
        starts.append(held[0][0] if held else np.inf)
        shares.append(sum(b - a for a, b in held) / (end_s - begin_s))
    return np.array(starts), np.array(shares), begin_s, end_s


def geometry(path: Path) -> tuple[np.ndarray, list[np.ndarray], float]:
    """Return the threat's places in a plane (N, 2) every step, distances to each radar, and the step."""
    ordered = in_order(shieldwall.load(path))
    paths = compute_geometry(ordered).paths
    here = paths.xyz_m[: paths.ptr[1]]
    sites = [
        ecef_m(s.position.latitude_deg, s.position.longitude_deg, 500.0) for s in ordered.sensors if s.type.id == "eye"
    ]
    east = (paths.longitude_deg - paths.longitude_deg[0])[: paths.ptr[1]] * 111_195.0
    north = (paths.latitude_deg - paths.latitude_deg[0])[: paths.ptr[1]] * 111_195.0
    return (
        np.stack([east, north], axis=1),
        [np.linalg.norm(here - site, axis=1) for site in sites],
        float(paths.step_s[0]),
    )


def looks(rng: np.random.Generator, path: Path, begin_s: float, end_s: float) -> list[tuple[float, np.ndarray | None]]:
    """Return every look of both radars in order: its time, and the measured place if it detects."""
    where, away, step_s = geometry(path)
    found = []
    for distance_m in away:
        for time_s in np.arange(begin_s + rng.uniform(0.0, SCAN_S), end_s, SCAN_S):
            at = time_s / step_s
            nodes = np.arange(distance_m.size)
            chance = detection_at_range(np.interp(at, nodes, distance_m), RANGE_KM * 1e3, CHANCE, ALARM)
            seen = rng.uniform() < chance
            place_m = np.array([np.interp(at, nodes, where[:, k]) for k in range(2)]) + rng.normal(0.0, NOISE_M, 2)
            found.append((float(time_s), place_m if seen else None))
    return sorted(found, key=lambda look: look[0])


def theirs(all_looks: list[tuple[float, np.ndarray | None]], begin_s: float, end_s: float) -> tuple[float, float]:
    """Return the start of Stone Soup's first confirmed track, and the share of time with one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
        from stonesoup.deleter.time import UpdateTimeDeleter
        from stonesoup.hypothesiser.distance import DistanceHypothesiser
        from stonesoup.initiator.simple import MultiMeasurementInitiator
        from stonesoup.measures import Mahalanobis
        from stonesoup.models.measurement.linear import LinearGaussian
        from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
        from stonesoup.predictor.kalman import KalmanPredictor
        from stonesoup.tracker.simple import MultiTargetTracker
        from stonesoup.types.detection import Detection
        from stonesoup.types.state import GaussianState
        from stonesoup.updater.kalman import KalmanUpdater

        zero = datetime(2026, 1, 1)
        model = LinearGaussian(4, (0, 2), np.diag([NOISE_M**2] * 2))

        def detector() -> Iterator[tuple[datetime, set[Detection]]]:
            for time_s, place_m in all_looks:
                now = zero + timedelta(seconds=time_s)
                seen = (
                    set() if place_m is None else {Detection(place_m[:, None], timestamp=now, measurement_model=model)}
                )
                yield now, seen

        predictor = KalmanPredictor(CombinedLinearGaussianTransitionModel([ConstantVelocity(1.0)] * 2))
        updater = KalmanUpdater(model)
        associator = GNNWith2DAssignment(DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=6))
        initiator = MultiMeasurementInitiator(
            GaussianState([[0.0], [0.0], [0.0], [0.0]], np.diag([0.0, 150.0**2, 0.0, 150.0**2])),
            UpdateTimeDeleter(timedelta(seconds=(WINDOW - 1) * SCAN_S / (HITS - 1))), associator, updater, model,
            min_points=HITS, updates_only=True,
        )  # fmt: skip
        deleter = UpdateTimeDeleter(timedelta(seconds=(COAST + 0.5) * SCAN_S))
        start_s, held_s, last_s, confirmed = np.inf, 0.0, begin_s, False
        for now, tracks in MultiTargetTracker(initiator, deleter, detector(), associator, updater):
            time_s = (now - zero).total_seconds()
            held_s += (time_s - last_s) * confirmed
            last_s, confirmed = time_s, bool(tracks)
            if confirmed:
                start_s = min(start_s, time_s)
        held_s += (end_s - last_s) * confirmed
    return start_s, held_s / (end_s - begin_s)


def test_tracks_start_and_last_as_stone_soup_s_do(tmp_path: Path) -> None:
    path = write(tmp_path, case())
    starts, shares, begin_s, end_s = ours(path)
    rng = np.random.default_rng(20_261)
    peer = [theirs(looks(rng, path, begin_s, end_s), begin_s, end_s) for _ in range(REPLICATIONS)]
    peer_start, peer_share = np.array([p[0] for p in peer]), np.array([p[1] for p in peer])
    medians, means = (np.median(starts), np.median(peer_start)), (shares.mean(), peer_share.mean())
    print(f"median track start: {medians[0]:.1f} s, Stone Soup {medians[1]:.1f} s; a scan is {SCAN_S:g} s")
    print(f"continuity: {means[0]:.3f}, Stone Soup {means[1]:.3f}, {REPLICATIONS} replications each")
    assert abs(medians[0] - medians[1]) <= SCAN_S
    assert abs(means[0] - means[1]) <= 0.05
    assert 0.2 < means[0] < 0.98  # the case is neither hopeless nor trivial
