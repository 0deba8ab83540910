"""Find the scenario that a run played: a results folder keeps its name, its settings and its hash, not its geometry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shieldwall.catalogue.sourced import Figure
from shieldwall.core.errors import InputError, Mistake
from shieldwall.results.manifest import Manifest
from shieldwall.scenario.load import read
from shieldwall.scenario.types import Scenario


@dataclass(frozen=True, slots=True)
class Played:
    """The scenario of a run, and every catalogue figure that it used, by its path."""

    scenario: Scenario
    figures: Mapping[str, Figure]


def scenario_of_run(manifest: Manifest, name_or_path: str | None = None, settings: Sequence[str] = ()) -> Played:
    """Return the very scenario of a run: its hash is compared.

    Parameters
    ----------
    manifest : of the run
    name_or_path : where the scenario is; None = the shipped one of the manifest's name
    settings : what `--set` changed in that run; none = also tried with the settings that the manifest names

    Raises
    ------
    InputError
        If there is no such scenario, or it is not the one that was played; says how to name it.
    """
    tries: list[Sequence[str]] = [settings]
    if not settings and manifest.overrides:
        tries.append([f"{path}={value}" for path, value in manifest.overrides.items()])
    found = ""
    for attempt in tries:
        try:
            file = read(name_or_path or manifest.scenario)
            scenario = file.load(attempt)
        except InputError as error:
            if attempt is tries[0]:
                raise _unknown(manifest, error, name_or_path) from None
            continue
        if scenario.hash == manifest.scenario_hash:
            return Played(scenario, file.figures(attempt))
        found = found or scenario.hash
    raise InputError(
        Mistake(
            "",
            0,
            0,
            f"{name_or_path or manifest.scenario} is not the scenario of the run: its hash is {found[:12]}, "
            f"the run's {manifest.scenario_hash[:12]}",
            "name the file with --scenario and give the --set of the run again",
        )
    )


def _unknown(manifest: Manifest, error: InputError, name_or_path: str | None) -> InputError:
    """Return the mistake of a name that means nothing here; a file's own mistakes are left as they are."""
    if name_or_path is not None:
        return error
    return InputError(
        Mistake(
            "",
            0,
            0,
            f"the run does not say where its scenario '{manifest.scenario}' lies, and none of this name is shipped",
            "name its file with --scenario",
        )
    )
