"""Nothing has changed since the baseline was last written on purpose (`make baseline`)."""

from __future__ import annotations

import json

from regression.rewrite_baseline import BASELINE, differences, played


def test_means_are_those_of_the_baseline() -> None:
    changed = differences(json.loads(BASELINE.read_text(encoding="utf-8")), played())
    assert not changed, "\n".join(["run `make baseline` if this is on purpose:", *changed])
