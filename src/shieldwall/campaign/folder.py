"""A campaign's folder: what was played, one file a night, and how things stand, so that it can be taken up again.

`campaign.json` says what is played; `nights/NNNN.npz` is what was written down of a night; `standing.npz` how things
stood after one of them. Every file is written under another name, synced and renamed; its bytes depend on the campaign
alone. A night is played again, to the same bytes, if `standing.npz` is of an earlier one.
"""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.night import Record
from shieldwall.campaign.standing import Standing
from shieldwall.core.errors import StoreError
from shieldwall.core.whole_file import UNFINISHED, whole_file
from shieldwall.results.store import told, write_json

Arrays = dict[str, NDArray[np.generic]]
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """What makes two campaigns the same."""

    version: str
    scenario: str
    scenario_hash: str
    catalogue_hash: str
    seed: int
    replications: int
    nights: int


@dataclasses.dataclass(frozen=True, slots=True)
class CampaignFolder:
    """A folder that holds one campaign, finished or not."""

    path: Path

    def standing(self) -> tuple[int, Standing] | None:
        """Return the last night kept and how things stood after it; None if nothing is kept or it is damaged."""
        try:
            arrays = _read(self.path / "standing.npz")
            night = int(arrays.pop("night"))
            whole = all(self._night(n).exists() for n in range(1, night + 1))
            return (night, Standing(**arrays)) if whole else None  # type: ignore[arg-type]
        except _DAMAGED:
            return None

    def keep(self, night: int, standing: Standing) -> None:
        """Write how things stand after a night."""
        _write(self.path / "standing.npz", {**standing.arrays(), "night": np.array(night)})

    def record(self, night: int, record: Record) -> None:
        """Write what happened in a night."""
        _write(self._night(night), {**record._asdict()})

    def records(self, nights: int) -> list[Record]:
        """Return the records of the first nights; raise StoreError if one is missing or damaged."""
        return [self._read_night(night) for night in range(1, nights + 1)]

    def _read_night(self, night: int) -> Record:
        try:
            return Record(**_read(self._night(night)))  # type: ignore[arg-type]
        except _DAMAGED as error:
            raise StoreError(
                f"{self._night(night)} cannot be read ({error}); delete {self.path / 'standing.npz'} and give the same "
                "command again"
            ) from error

    def _night(self, night: int) -> Path:
        return self.path / "nights" / f"{night:04d}.npz"


def begin(path: Path, identity: Identity) -> CampaignFolder:
    """Return a folder for a campaign, new or with the same campaign in it.

    Raises
    ------
    StoreError
        If it holds something else, or cannot be written.
    """
    held = path / "campaign.json"
    with told(path):
        path.mkdir(parents=True, exist_ok=True)
        if held.exists():
            _refuse_another(path, held, identity)
        elif any(entry.suffix != UNFINISHED for entry in path.iterdir()):
            raise StoreError(f"{path} is not empty and holds no campaign; choose another folder with --out")
        (path / "nights").mkdir(exist_ok=True)
        for left_over in (*path.glob(f"*{UNFINISHED}"), *path.glob(f"nights/*{UNFINISHED}")):
            left_over.unlink(missing_ok=True)
        if not held.exists():
            write_json(held, dataclasses.asdict(identity))
    return CampaignFolder(path)


def _refuse_another(path: Path, held: Path, identity: Identity) -> None:
    try:
        before = json.loads(held.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{held} cannot be read ({error}); choose another folder with --out") from error
    for name, value in dataclasses.asdict(identity).items():
        if before.get(name) != value:
            what = name.replace("_", " ")
            raise StoreError(
                f"{path} holds another campaign: its {what} is {before.get(name)}, not {value}; choose another folder "
                "with --out, or delete this one"
            )


def _write(path: Path, arrays: Arrays) -> None:
    """Write arrays as one compressed file whose bytes depend on them alone."""
    content = io.BytesIO()
    np.savez_compressed(content, **_narrow(arrays))  # type: ignore[arg-type]  # its own parameter is a bool
    with told(path.parent), whole_file(path) as file:
        file.write(content.getvalue())


def _narrow(arrays: Arrays) -> Arrays:
    """Return whole numbers in 32 bits where all of them fit: half the bytes to pack."""
    limit = 2**31 - 1
    return {
        name: array.astype(np.int32) if array.dtype == np.int64 and np.abs(array).max(initial=0) <= limit else array
        for name, array in arrays.items()
    }


def _read(path: Path) -> Arrays:
    with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return {name: array.astype(np.int64) if array.dtype == np.int32 else array for name, array in arrays.items()}
