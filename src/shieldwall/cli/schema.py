"""`shieldwall schema`: the JSON Schema of scenario files."""

from __future__ import annotations

import json
from pathlib import Path

from shieldwall.cli.terminal import print_json
from shieldwall.core.errors import InputError, Mistake
from shieldwall.scenario.schema import schema as scenario_schema


def schema(out: Path | None) -> None:
    """Print the schema, or write it to a file."""
    described = scenario_schema()
    if out is None:
        print_json(described)
        return
    try:
        out.write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        cure = "name another file"
        raise InputError(Mistake("", 0, 0, f"{out} cannot be written ({error.strerror})", cure)) from error
