"""The commands as people give them: exit codes, messages, what is printed where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()"]


def shieldwall(
    *arguments: str, folder: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    assert shieldwall("init", "small", folder=tmp_path).returncode == 0
    return tmp_path / "small"


def assert_refused(done: subprocess.CompletedProcess[str], *said: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for part in said:
        assert part in done.stderr


def test_help_lists_the_commands(tmp_path):
    done = shieldwall("--help", folder=tmp_path)
    assert done.returncode == 0
    for command in ("init", "check", "run", "trace", "compare", "catalogue", "schema"):
        assert command in done.stdout


def test_help_and_import_load_nothing_heavy(tmp_path):
    """How long it takes is measured by bench/engine.py; what would make it slow is imported by neither."""
    heavy = "{'numba', 'scipy', 'pyarrow', 'pydantic', 'matplotlib', 'duckdb', 'numpy', 'ruamel'} & set(sys.modules)"
    code = (
        "import sys, shieldwall\n"
        f"print(sorted({heavy}))\n"
        "from shieldwall.cli.main import call\n"
        "call(['--help'])\n"
        f"print(sorted({heavy}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("[]", "[]")


def test_reading_a_scenario_and_playing_load_only_what_they_need(tmp_path):
    code = (
        "import sys, shieldwall\n"
        "scenario = shieldwall.load('one-battery')\n"
        "print(sorted({'numba', 'scipy.special', 'matplotlib', 'duckdb'} & set(sys.modules)))\n"
        "shieldwall.simulate(scenario, 2)\n"
        "print(sorted({'scipy.special', 'matplotlib', 'duckdb'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[]"]


def test_version(tmp_path):
    done = shieldwall("--version", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "shieldwall 0.1.0\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "No such command 'rnu'"),
        (["run"], "Missing argument 'SCENARIO'"),
        (["run", "one-battery", "-n", "0"], "'-n'"),
        (["run", "one-battery", "-n", "many"], "'-n'"),
        (["run", "one-battery", "--sed", "1"], "--sed"),
        (["trace", "one-battery"], "--threat"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_2(tmp_path, arguments, said):
    done = shieldwall(*arguments, folder=tmp_path)
    assert_refused(done, said)
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_scenario_names_what_is_wrong(tmp_path):
    assert_refused(shieldwall("check", "one-batery", folder=tmp_path), "one-batery")
    assert_refused(shieldwall("run", "missing.yaml", folder=tmp_path), "missing.yaml")


def test_init_writes_what_check_finds_right(tmp_path):
    done = shieldwall("init", "My Raid", folder=tmp_path)
    assert done.returncode == 0
    assert "name: my-raid" in (tmp_path / "My Raid" / "scenario.yaml").read_text()
    assert (tmp_path / "My Raid" / "README.md").exists()
    checked = shieldwall("check", "My Raid", folder=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith("my-raid: right.")
    assert checked.stderr == ""


def test_init_overwrites_nothing(scenario):
    before = (scenario / "scenario.yaml").read_text()
    assert_refused(shieldwall("init", "small", folder=scenario.parent), "is there already")
    assert (scenario / "scenario.yaml").read_text() == before


def test_every_mistake_of_a_scenario_is_a_located_line(scenario):
    path = scenario / "scenario.yaml"
    text = path.read_text().replace("type: shahed-136", "type: shahed-137").replace("radius: 8 km", "radius: 8")
    path.write_text(text)
    line_of = {
        word: i for i, line in enumerate(text.splitlines(), 1) for word in ("shahed-137", "radius: 8") if word in line
    }
    done = shieldwall("check", "small", folder=scenario.parent)
    assert_refused(
        done, f"scenario.yaml:{line_of['shahed-137']}:", f"scenario.yaml:{line_of['radius: 8']}:", "shahed-136"
    )
    assert len(done.stderr.splitlines()) == 2


def test_a_wrong_setting_is_refused(scenario):
    assert_refused(shieldwall("check", "small", "--set", "scale.defense=4", folder=scenario.parent), "scale.def")
    assert_refused(shieldwall("run", "small", "--set", "scale.defence", folder=scenario.parent), "PATH=VALUE")


def test_schema_is_json_schema(tmp_path):
    done = shieldwall("schema", folder=tmp_path)
    described = json.loads(done.stdout)
    assert {"raids", "fire_units", "sensors"} <= set(described["properties"])
    assert shieldwall("schema", "-o", "s.json", folder=tmp_path).returncode == 0
    assert json.loads((tmp_path / "s.json").read_text()) == described
    assert_refused(shieldwall("schema", "-o", "no/where.json", folder=tmp_path), "no/where.json cannot be written")


def test_catalogue_lists_shows_and_checks(tmp_path):
    listed = shieldwall("catalogue", "list", "threats", folder=tmp_path)
    assert "shahed-136" in listed.stdout
    assert not any(line != line.rstrip() for line in listed.stdout.splitlines())
    shown = shieldwall("catalogue", "show", "shahed-136", folder=tmp_path)
    assert "speed" in shown.stdout
    assert "http" in shown.stdout
    figures = json.loads(shieldwall("catalogue", "show", "shahed-136", "--json", folder=tmp_path).stdout)
    assert (figures["group"], figures["id"]) == ("threats", "shahed-136")
    assert_refused(shieldwall("catalogue", "show", "shahed-135", folder=tmp_path), "did you mean 'shahed-136'?")
    assert_refused(shieldwall("catalogue", "list", "threat", folder=tmp_path), "did you mean 'threats'?")
    checked = shieldwall("catalogue", "check", folder=tmp_path)
    assert checked.stdout.startswith("right: ")


def test_a_closed_pipe_is_no_fault(tmp_path):
    done = subprocess.run(
        f"{sys.executable} -c 'from shieldwall.cli.main import main; main()' catalogue list | head -1",
        shell=True, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""


def test_a_fault_of_ours_is_short_unless_asked(tmp_path):
    code = (
        "import sys\n"
        "from shieldwall.cli import main as cli, init\n"
        "def broken(folder): raise ZeroDivisionError('made up')\n"
        "init.init = broken\n"
        "sys.exit(cli.call(['init', 'x']))\n"
    )
    for debug, lines in (("", 1), ("1", 5)):
        environment = {**os.environ, "SHIELDWALL_DEBUG": debug}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "a fault of ours: ZeroDivisionError: made up" in done.stderr
        assert (len(done.stderr.splitlines()) == 1) == (lines == 1)
