"""The list of verification cases: long enough, wide enough, and the same as in the documentation."""

from __future__ import annotations

import importlib
from pathlib import Path

from verification.lab import CASES, Case

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "model" / "verification.md"
HEAD = """# Verification: the engine against closed forms

Each case writes a scenario file, loads it with `shieldwall.load`, plays it with `shieldwall.simulate` and compares what
came out with a formula that is written down again in the test, within 4 standard errors (distributions: with a p-value
above 6e-5, which is the same). Seeds are fixed; each test states the standard error that it may have at most. Several
values of one parameter are one case. Of the salvo models, Coral Sea and Hughes' parity run on their own, as the tests
say; everything else runs a scenario. `make verify` runs them all;
`PYTHONPATH=tests python tests/verification/test_case_list.py` rewrites this page.

What the closed forms take for granted is set so in the scenario: level straight courses, and windows far longer or far
shorter than a service. Where the engine is inexact by design the tolerance says so: delays are linear between 9 orders
(3 % for a target that passes aside), and a path without a dive comes down over its last 4 km.
"""


def all_cases() -> list[Case]:
    """Return every case, by family in the order of the files."""
    for path in sorted([*HERE.glob("test_engine_*.py"), HERE / "test_salvo_models.py"]):
        importlib.import_module(f"verification.{path.stem}")
    return sorted(dict.fromkeys(CASES), key=lambda case: (case.file, case.family))


def page() -> str:
    """Return the documentation page."""
    lines = [HEAD]
    for family in dict.fromkeys(case.family for case in all_cases()):
        lines += [f"## {family[0].upper()}{family[1:]}", "| what is compared | source | test |", "|---|---|---|"]
        lines += [
            f"| {case.formula.replace('|', '/')} | {case.source} | `{case.file}::{case.test}` |"
            for case in all_cases()
            if case.family == family
        ]
        lines.append("")
    return "\n".join(lines)


def test_at_least_40_cases_of_8_families() -> None:
    cases = all_cases()
    assert len({(case.file, case.test) for case in cases}) == len(cases) >= 40
    assert len({case.family for case in cases}) >= 8
    with_a_scenario = [case for case in cases if case.family not in ("horizon", "salvo models")]
    assert len(with_a_scenario) >= 40


def test_every_test_of_the_engine_is_a_case() -> None:
    listed = {(case.file, case.test) for case in all_cases()}
    for path in HERE.glob("test_engine_*.py"):
        tests = {
            line[4 : line.index("(")]
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("def test_")
        }
        assert {(path.name, test) for test in tests} <= listed


def test_the_documentation_lists_them() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tests/verification/test_case_list.py"


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(HERE.parent))
    PAGE.write_text(page(), encoding="utf-8")
