"""Rewrite baseline.json on purpose, and print what has changed: python tests/regression/rewrite_baseline.py."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
BASELINE = HERE / "baseline.json"
REPLICATIONS = 1_024


def played() -> dict[str, dict[str, float]]:
    """Return the means of every scenario of the baseline."""
    from regression.features import means, write_features

    with tempfile.TemporaryDirectory() as folder:
        return {
            "one-battery": means("one-battery", REPLICATIONS),
            "features": means(write_features(Path(folder)), REPLICATIONS),
        }


def differences(before: dict[str, dict[str, float]], now: dict[str, dict[str, float]]) -> list[str]:
    """Return a line for every figure that is new, gone or changed by more than a last digit."""
    lines = []
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name, {}), now.get(name, {})
        for key in sorted(old.keys() | new.keys()):
            a, b = old.get(key), new.get(key)
            if a is None or b is None or abs(a - b) > 1e-9 * max(1.0, abs(a)):
                lines.append(f"{name}: {key}: {a} -> {b}")
    return lines


def main() -> None:
    """Play, compare, write."""
    sys.path.insert(0, str(HERE.parent))
    before = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    now = played()
    changed = differences(before, now)
    print("\n".join(changed) if changed else "nothing has changed")
    BASELINE.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if changed:
        print(f"\n{BASELINE.name} is rewritten; write what moved and why under 'Results change' in CHANGELOG.md")


if __name__ == "__main__":
    main()
