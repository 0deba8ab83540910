"""The JSON Schema of scenario files, for editors."""

from __future__ import annotations

from typing import Any

from pydantic import create_model

from shieldwall.catalogue.records import GROUPS
from shieldwall.catalogue.sourced import Source
from shieldwall.scenario.document import Document

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file, the user's own catalogue entries included.

    It knows keys, types, words and limits; names that refer to other things, and the catalogue's finer rules, are
    checked on reading only.
    """
    groups: dict[str, Any] = {group: (tuple[model, ...], ()) for group, model in GROUPS.items()}  # type: ignore[valid-type]
    own = create_model("Catalogue", __config__=None, **groups, sources=(dict[str, Source], {}))
    entries = own.model_json_schema(ref_template="#/$defs/{model}")
    described = Document.model_json_schema(ref_template="#/$defs/{model}")
    described["$defs"] = {**entries.pop("$defs"), **described["$defs"]}
    described["properties"]["catalogue"] = {**entries, "additionalProperties": False}
    return {"$schema": DIALECT, "title": "shieldwall scenario", **described}
