"""Keep an uncertainty study: the answer, the points with what they gave, and drawings where matplotlib is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from shieldwall.core.errors import StoreError
from shieldwall.results.store import told, write_json, write_parquet
from shieldwall.study.figures import Space
from shieldwall.study.uncertainty import Ignorance

_BARS = 15


def check_folder(folder: Path) -> None:
    """Make the folder; raise StoreError if it cannot be written or holds something else."""
    if folder.exists() and (
        not folder.is_dir() or (any(folder.iterdir()) and not (folder / "uncertainty.json").exists())
    ):
        raise StoreError(f"{folder} is not empty and holds no uncertainty study; choose another folder with --out")
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)


def write_folder(folder: Path, answer: Mapping[str, Any], space: Space, found: Ignorance) -> list[str]:
    """Write uncertainty.json, points.parquet and, with matplotlib, the drawings; return what is left to say.

    tornado.png: one group at a time; means.png: how far ignorance moves the mean; indices.png, if there are any.
    """
    columns: dict[str, Any] = {"point": list(range(found.points))}
    for k, figure in enumerate(space.figures):
        columns[figure.path] = [point[k].partition("=")[2] for point in found.settings]
    for name, values in found.values.items():
        columns[f"mean {name}"] = values.mean(axis=1)
        columns[f"variance {name}"] = values.var(axis=1, ddof=1)
    with told(folder):
        write_parquet(folder / "points.parquet", pa.table(columns))
        write_json(folder / "uncertainty.json", answer)
        try:
            import matplotlib as mpl  # noqa: PLC0415
        except ImportError:
            return ["no drawings: pip install 'shieldwall[uncertainty]' brings matplotlib"]
        mpl.use("agg")
        _draw_tornado(folder / "tornado.png", answer)
        _draw_means(folder / "means.png", found)
        if (answer["indices"] or {}).get("leaked"):
            _draw_indices(folder / "indices.png", answer["indices"]["leaked"])
    return []


def _draw_means(path: Path, found: Ignorance) -> None:
    """Draw the mean of each point, ignorance alone, over single raids, chance and ignorance together."""
    from matplotlib import pyplot as plt  # noqa: PLC0415

    leaked = found.values["leaked"]
    figure, axes = plt.subplots(figsize=(8, 3.5), layout="constrained")
    axes.hist(leaked.ravel(), bins=40, density=True, color="#c9c9c9", label="single raids: chance and ignorance")
    axes.hist(leaked.mean(axis=1), bins=20, density=True, histtype="step", color="#b2452f", label="means: ignorance")
    axes.set_xlabel("leakers a raid")
    axes.set_yticks([])
    axes.legend(frameon=False)
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)


def _draw_indices(path: Path, of: Mapping[str, Any]) -> None:
    """Draw first-order and total indices of the mean of leaked, with their 90 % intervals."""
    from matplotlib import pyplot as plt  # noqa: PLC0415

    names = sorted(of["total"], key=lambda group: of["total"][group]["value"])[-_BARS:]
    figure, axes = plt.subplots(figsize=(8, 0.35 * len(names) + 1.2), layout="constrained")
    for shift, kind, colour in ((0.15, "first", "#2f6cb2"), (-0.15, "total", "#b2452f")):
        values = [of[kind][name]["value"] for name in names]
        sides = [[max(0.0, of[kind][name]["value"] - of[kind][name]["low"]) for name in names]]
        sides += [[max(0.0, of[kind][name]["high"] - of[kind][name]["value"]) for name in names]]
        places = [k + shift for k in range(len(names))]
        axes.errorbar(values, places, xerr=sides, fmt="o", color=colour, markersize=4, label=kind)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("Sobol index of mean leakers, 90 % interval")
    axes.legend(frameon=False)
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)


def _draw_tornado(path: Path, answer: Mapping[str, Any]) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415

    base = answer["tornado"]["base"]["leaked"]
    bars = list(answer["tornado"]["ends"]["leaked"].items())[:_BARS][::-1]
    figure, axes = plt.subplots(figsize=(8, 0.35 * len(bars) + 1.2), layout="constrained")
    axes.barh([name for name, _ in bars], [ends["bad"] - base for _, ends in bars], left=base, color="#b2452f")
    axes.barh([name for name, _ in bars], [ends["good"] - base for _, ends in bars], left=base, color="#2f6cb2")
    axes.axvline(base, color="black", linewidth=0.8)
    axes.set_xlabel("mean leakers; red: bad for the defence, blue: good for it")
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)
