"""Draw the figures of the model pages when the documentation is built (a hook of mkdocs).

Every other file here draws one: its `draw()` returns a figure, which becomes docs/pictures/model/NAME.svg. A figure is
drawn again only if its file has changed.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OUT = HERE.parent / "pictures" / "model"


def on_pre_build(config: Any) -> None:
    """Draw what is missing or older than the file that draws it."""
    draw_all()


def draw_all() -> list[Path]:
    """Draw the figures that are not up to date, and return all of them."""
    OUT.mkdir(parents=True, exist_ok=True)
    drawn = []
    for source in sorted(HERE.glob("*.py")):
        if source.stem == "build":
            continue
        target = OUT / f"{source.stem}.svg"
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _save(_figure(source), target)
        drawn.append(target)
    return drawn


def _figure(source: Path) -> Any:
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams |= {"svg.hashsalt": "shieldwall", "font.size": 9, "axes.grid": True, "grid.alpha": 0.3}
    spec = importlib.util.spec_from_file_location(f"figure_{source.stem}", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.draw()


def _save(figure: Any, target: Path) -> None:
    figure.patch.set_facecolor("white")
    figure.set_layout_engine("constrained")
    part = target.with_suffix(f".{os.getpid()}.part")
    figure.savefig(part, format="svg", bbox_inches="tight", metadata={"Date": None})
    part.replace(target)


if __name__ == "__main__":
    for path in draw_all():
        print(path.name)
