"""What a reader needs to check a run: the command, the manifest, the assumed figures, the sources."""

from __future__ import annotations

from collections.abc import Sequence

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.report.document import Block, Code, Item, Items, Table, Text
from shieldwall.results.manifest import Manifest
from shieldwall.study.scenario_of_run import Played


def reproduce(manifest: Manifest) -> list[Block]:
    """Return the command that gives the same run again."""
    settings = "".join(f" \\\n  --set '{path}={value}'" for path, value in manifest.overrides.items())
    events = " --events" if manifest.events else ""
    command = (
        f"# with shieldwall {manifest.version}\n"
        f"shieldwall run {manifest.scenario} -n {manifest.replications} --seed {manifest.seed}{events}{settings}"
    )
    return [
        Code(command),
        Text(
            "The same version, scenario, catalogue and seed give the same raids to the last bit on any number of "
            "threads. A scenario of your own is named by its file; --set lines belong only to what was changed on the "
            "command line. Compare the hashes below."
        ),
    ]


def manifest_rows(manifest: Manifest) -> list[Sequence[str]]:
    """Return what identifies the run, one row each."""
    rows: list[Sequence[str]] = [
        (name.replace("_", " "), str(getattr(manifest, name)))
        for name in (
            "version", "scenario", "scenario_hash", "catalogue_hash", "seed", "replications", "block_size", "events",
            "start_utc", "start_local", "time_zone",
        )
    ]  # fmt: skip
    rows += [(f"changed: {path}", value) for path, value in manifest.overrides.items()]
    return rows + [("note", note) for note in manifest.notes]


def assumed_figures(manifest: Manifest, played: Played | None) -> list[Block]:
    """Return the figures that no source states, with value, range and reason where the scenario is at hand."""
    known = played.figures if played else {}
    rows = []
    for path in manifest.assumed_figures:
        figure = known.get(path)
        if figure is None:
            rows.append((path, "", "", ""))
        else:
            rows.append((path, f"{figure.value:g} {figure.unit}", f"{figure.low:g} to {figure.high:g}", figure.reason))
    if not rows:
        return [Text("None.")]
    said = "" if played else " Their values are not shown: the scenario of this run is not at hand."
    return [
        Text(f"Figures of the catalogue or the scenario that this run used and that no source states.{said}"),
        Table(("figure", "value", "low to high", "why"), rows, left=4, small=True),
    ]


def named_sources(manifest: Manifest, catalogue: Catalogue) -> list[Block]:
    """Return the sources of the figures used."""
    items = []
    for key in manifest.sources:
        source = catalogue.sources.get(key)
        if source is None:
            items.append(Item(key, key if key.startswith("http") else ""))
        else:
            date = f", {source.date}" if source.date else ""
            items.append(Item(f"{source.title}. {source.publisher}{date}.", source.address or ""))
    return [Items(items, small=True)] if items else [Text("None named.")]
