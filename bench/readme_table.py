"""What commands that write tables share: their options, and tables between their markers in a README."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path


def options(doc: str, replications: int, into: str = "the scenario's README") -> argparse.Namespace:
    """Return what was asked for: replications, seed, and whether to write."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("-n", "--replications", type=int, default=replications)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"put what is printed into {into}")
    return parser.parse_args()


def show(texts: Mapping[str, str], readme: Path, *, write: bool) -> None:
    """Print texts, and put each between the markers of its name if that is asked for."""
    for name, text in texts.items():
        print(f"\n{text}")
        if write:
            put(readme, name, text)


def put(readme: Path, name: str, text: str) -> None:
    """Replace what stands between `<!-- NAME -->` and `<!-- end NAME -->`."""
    begin, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    content = readme.read_text(encoding="utf-8")
    if content.count(begin) != 1 or content.count(end) != 1:
        raise SystemExit(f"{readme}: the markers '{begin}' and '{end}' do not stand there once")
    before, _, rest = content.partition(begin)
    readme.write_text(f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; all columns but the first are numbers."""
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float) -> str:
    """Return a count as people read it: two digits or so."""
    if value == 0.0:
        return "0"
    if value < 0.005:
        return "<0.01"
    return f"{value:.2f}" if value < 0.95 else f"{value:.1f}" if value < 99.95 else f"{value:,.0f}"
