"""Keep an uncertainty study: the answer, the points with what they gave, and a drawing where matplotlib is."""

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
    """Write uncertainty.json, points.parquet and, with matplotlib, tornado.png; return what is left to say."""
    columns: dict[str, Any] = {"point": list(range(found.points))}
    for k, figure in enumerate(space.figures):
        columns[figure.path] = [point[k].partition("=")[2] for point in found.settings]
    for name, values in found.values.items():
        columns[f"mean {name}"] = values.mean(axis=1)
        columns[f"variance {name}"] = values.var(axis=1, ddof=1)
    with told(folder):
        write_parquet(folder / "points.parquet", pa.table(columns))
        write_json(folder / "uncertainty.json", answer)
        return _draw_tornado(folder / "tornado.png", answer)


def _draw_tornado(path: Path, answer: Mapping[str, Any]) -> list[str]:
    try:
        import matplotlib as mpl  # noqa: PLC0415

        mpl.use("agg")
        from matplotlib import pyplot as plt  # noqa: PLC0415
    except ImportError:
        return ["no tornado.png: pip install 'shieldwall[uncertainty]' brings matplotlib"]
    base = answer["tornado"]["base"]["leaked"]
    bars = list(answer["tornado"]["ends"]["leaked"].items())[:_BARS][::-1]
    figure, axes = plt.subplots(figsize=(8, 0.35 * len(bars) + 1.2), layout="constrained")
    axes.barh([name for name, _ in bars], [ends["bad"] - base for _, ends in bars], left=base, color="#b2452f")
    axes.barh([name for name, _ in bars], [ends["good"] - base for _, ends in bars], left=base, color="#2f6cb2")
    axes.axvline(base, color="black", linewidth=0.8)
    axes.set_xlabel("mean leakers; red: bad for the defence, blue: good for it")
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)
    return []
