"""`shieldwall schema`: the JSON Schema of scenario files."""

from __future__ import annotations

import json
from pathlib import Path

from shieldwall.cli.terminal import print_json
from shieldwall.cli.written import written
from shieldwall.scenario.schema import schema as scenario_schema


def schema(out: Path | None) -> None:
    """Print the schema, or write it to a file."""
    described = scenario_schema()
    if out is None:
        print_json(described)
        return
    with written(out, "name another file"):
        out.write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
