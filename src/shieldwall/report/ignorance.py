"""Read what `shieldwall uncertainty --json` found, so that a report can say chance and ignorance apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shieldwall.core.errors import InputError, Mistake
from shieldwall.results.manifest import Manifest

_OUTPUTS = {
    "leaked": "got through",
    "damage": "value lost",
    "cost/defence": "cost of the defence, USD",
    "cost/raid": "cost of the raid, USD",
}


@dataclass(frozen=True, slots=True)
class Parted:
    """One output: standard deviations of chance and ignorance, ignorance's share, 5 % and 95 % quantiles of both."""

    name: str
    mean: float
    chance: float
    ignorance: float
    share: float
    band_ignorance: tuple[float, float]
    band_all: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Study:
    """A study of what is not known. `ends`: leakers per raid with a group of figures at its bad and at its good end."""

    points: int
    replications: int
    figures: int
    distribution: str
    linked: bool
    outputs: tuple[Parted, ...]
    ends: tuple[tuple[str, float, float], ...]

    @property
    def leaked(self) -> Parted | None:
        """Return what is said of the number that got through, None if nothing is."""
        return next((parted for parted in self.outputs if parted.name == _OUTPUTS["leaked"]), None)


def read_study(path: Path, manifest: Manifest) -> Study:
    """Return the study in a file.

    Raises
    ------
    InputError
        If there is none, or it is of another scenario or of other settings.
    """
    cure = "give the file that `shieldwall uncertainty SCENARIO --json > FILE` wrote"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["scenario"] != manifest.scenario:
            raise _refused(path, f"is of scenario {raw['scenario']}, the run of {manifest.scenario}", cure)
        if bool(raw["settings"]) != bool(manifest.overrides):
            raise _refused(path, "was made with other settings (--set) than the run", cure)
        ends = raw["tornado"]["ends"].get("leaked", {})
        ordered = sorted(ends.items(), key=lambda item: -abs(item[1]["bad"] - item[1]["good"]))
        return Study(
            points=int(raw["points"]),
            replications=int(raw["replications"]),
            figures=len(raw["figures"]),
            distribution=str(raw["distribution"]),
            linked=bool(raw["linked"]),
            outputs=tuple(
                _parted(said, raw["outputs"][key]) for key, said in _OUTPUTS.items() if key in raw["outputs"]
            ),
            ends=tuple((name, float(end["bad"]), float(end["good"])) for name, end in ordered),
        )
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror or error})", cure) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refused(path, f"holds no such study ({type(error).__name__}: {error})", cure) from None


def _refused(path: Path, what: str, cure: str) -> InputError:
    return InputError(Mistake("", 0, 0, f"{path} {what}", cure))


def _parted(name: str, raw: Mapping[str, Any]) -> Parted:
    low, high = raw["band_ignorance"]
    least, most = raw["band_all"]
    return Parted(
        name,
        float(raw["mean"]),
        float(raw["chance"]["value"]),
        float(raw["ignorance"]["value"]),
        float(raw["share"]["value"]),
        (float(low), float(high)),
        (float(least), float(most)),
    )
