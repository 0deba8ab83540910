"""The same bytes on one thread or two, after an interruption at any night, in a folder or without one."""

from __future__ import annotations

from pathlib import Path

import pytest

import shieldwall
from shieldwall.campaign import run
from shieldwall.campaign.answer import answer
from shieldwall.campaign.run import Played, campaign
from shieldwall.core.errors import StoreError
from verification.campaign_lab import write

CAMPAIGN = """
campaign:
  nights: 8
  adversary: {estimates: sampled}
  mixes: [{id: raid, raids: {cruise: [5, 40]}}]
  process: {chance: 80 %, weights: {raid: 1}}
  stocks: {rule: reserve, reserve: 20 %, depots: {a: {hawk: 30}, b: {hawk: 50}}}
  lines: [{id: line, makes: hawk, rate: 900 count/year}]
  orders: [{id: o, nation: a, line: line, placed: -900}]
  repair: {crews: 1}
"""
REPLICATIONS = 300  # more than one block


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def play(folder: Path, out: Path | None, threads: int, **more: object) -> Played:
    scenario = shieldwall.load(folder / "scenario.yaml")
    return campaign(scenario, REPLICATIONS, 5, threads=threads, out=out, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("campaign")
    write(folder, CAMPAIGN)
    play(folder, folder / "one", 1)
    return folder, contents(folder / "one")


def test_two_threads_write_the_bytes_of_one(undisturbed: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    folder, expected = undisturbed
    assert len(expected) == 10
    play(folder, tmp_path / "two", 2)
    assert contents(tmp_path / "two") == expected


@pytest.mark.parametrize("stop", [1, 4, 8])
def test_an_interrupted_campaign_ends_in_the_same_bytes(
    undisturbed: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    folder, expected = undisturbed
    monkeypatch.setattr(run, "_KEEP_EVERY_S", 0.0 if stop != 4 else 1e9)

    def interrupt(done: int, nights: int) -> None:
        assert nights == 8
        if done == stop:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(folder, tmp_path / "out", 2, progress=interrupt)
    assert not (tmp_path / "out" / "nights" / f"{stop + 1:04d}.npz").exists()
    began: list[int] = []
    play(folder, tmp_path / "out", 1, progress=lambda done, _: began.append(done))
    assert began[0] == (stop if stop != 4 else 0)
    assert contents(tmp_path / "out") == expected


def test_a_folder_changes_nothing_of_the_answer(undisturbed: tuple[Path, dict[str, bytes]]) -> None:
    folder, _ = undisturbed
    kept, fleeting = answer(play(folder, folder / "one", 1)), answer(play(folder, None, 2))
    assert {**kept, "wall_s": 0} == {**fleeting, "wall_s": 0}


def test_a_damaged_state_is_played_again(undisturbed: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    folder, expected = undisturbed
    play(folder, tmp_path / "out", 2)
    state = tmp_path / "out" / "standing.npz"
    state.write_bytes(state.read_bytes()[:-100])
    play(folder, tmp_path / "out", 2)
    assert contents(tmp_path / "out") == expected


def test_another_campaign_is_refused(undisturbed: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    folder, _ = undisturbed
    scenario = shieldwall.load(folder / "scenario.yaml", overrides=["campaign.nights=7"])
    with pytest.raises(StoreError, match="another campaign: its scenario hash"):
        campaign(scenario, REPLICATIONS, 5, out=folder / "one")
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="is not empty and holds no campaign"):
        campaign(scenario, REPLICATIONS, 5, out=tmp_path)
