"""The server's description of itself, tried by schemathesis: no request is a fault of the server."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from shieldwall.web.app import create_app
from web_server import desk_on, run_in, serving

load_all_checks()
_NAMES = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
)  # fmt: skip
SCHEMA = schemathesis.openapi.from_dict(create_app(desk_on(Path("nowhere"))).openapi())
OPERATIONS = {f"{found.method.upper()} {found.path}": found for found in (r.ok() for r in SCHEMA.get_all_operations())}


TAKES_SOMETHING = [name for name, one in OPERATIONS.items() if list(one.iter_parameters()) or list(one.body)]
CASES = [(name, GenerationMode.POSITIVE) for name in OPERATIONS] + [
    (name, GenerationMode.NEGATIVE) for name in TAKES_SOMETHING
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Yield the address, and names of things that are there: without them hardly any request would get far."""
    folder = tmp_path_factory.mktemp("runs")
    run_in(folder, "one-battery", 5, "one")
    with serving(create_app(desk_on(folder), start="one")) as address:
        session = requests.post(f"{address}/api/exercises", json={"base": "one"}, timeout=60).json()["id"]
        job = requests.post(f"{address}/api/jobs", json={"base": "one", "changes": []}, timeout=60).json()["id"]
        yield address, {"run": "one", "base": "one", "other": "one", "replication": 2, "session_id": session,
                        "job_id": job, "threat": "drones/3", "unit": "battery"}  # fmt: skip


def test_every_address_is_described():
    assert len(OPERATIONS) == 20
    assert all(operation.definition.raw.get("description") for operation in OPERATIONS.values())


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_no_request_is_a_fault(served, name, mode):
    address, known = served
    checks = [CHECKS.get_one(check) for check in _NAMES]

    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode), real=st.booleans())
    @settings(
        max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def attempt(case, real):
        for part in (case.path_parameters, case.query, case.body) if real else ():
            if isinstance(part, MutableMapping):
                part.update({name: value for name, value in known.items() if name in part})
        case.validate_response(case.call(base_url=address, timeout=60), checks=checks)

    attempt()
