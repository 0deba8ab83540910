"""What requests hold, checked before anything looks at it, and what small answers look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, JsonValue, StrictBool, StrictInt

from shieldwall.web.edit import PATH

CHANGES_AT_MOST = 200
LONGEST_MS = 10_000_000_000
_WORD = 200
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~+-]{0,159}$", examples=["night-2025-06-09-seed1-n2000"])]
Scalar = StrictBool | StrictInt | FiniteFloat | Annotated[str, Field(max_length=_WORD)] | None


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChangeModel(_Closed):
    """One value of the scenario, by the path that `--set` takes."""

    path: Annotated[str, Field(pattern=f"^{PATH}$", examples=["fire_units.patriot-odesa.position"])]
    value: Annotated[Scalar | Annotated[list[Scalar], Field(max_length=64)], Field(examples=[[46.5, 30.7]])]


Changes = Annotated[list[ChangeModel], Field(max_length=CHANGES_AT_MOST)]


class JobRequest(_Closed):
    """A run of a base with changes, compared with it; or of a scenario."""

    base: Name | None = None
    scenario: Name | None = None
    changes: Changes = []
    replications: Annotated[int, Field(ge=1, le=20_000)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**53 - 1)] = 1


class DiffRequest(_Closed):
    """Changes of the scenario behind a run."""

    base: Name
    changes: Changes


class ExerciseRequest(_Closed):
    """Which raid to fight: a replication of a run, or of a scenario with a seed."""

    base: Name | None = None
    scenario: Name | None = None
    replication: Annotated[int, Field(ge=0, le=2**31)] = 0
    seed: Annotated[int, Field(ge=0, le=2**53 - 1)] = 1


class ControlOrder(_Closed):
    """Weapons control status of a class of threats."""

    kind: Literal["control"]
    threat_class: Annotated[str, Field(alias="class", max_length=_WORD, examples=["drone"])]
    status: Literal["free", "tight", "hold"]


class ReserveOrder(_Closed):
    """Release what the doctrine keeps back of an effector, or keep it again."""

    kind: Literal["release", "keep"]
    effector: Annotated[str, Field(max_length=_WORD)]


class AircraftOrder(_Closed):
    """Commit a group of aircraft, or let it stand down."""

    kind: Literal["commit", "stand_down"]
    base: Annotated[str, Field(max_length=_WORD)]


Order = Annotated[ControlOrder | ReserveOrder | AircraftOrder, Field(discriminator="kind")]


class AdvanceRequest(_Closed):
    """Orders, which take effect first, and how far the raid goes on, in milliseconds."""

    until: Annotated[int, Field(ge=-LONGEST_MS, le=LONGEST_MS)]
    orders: Annotated[list[Order], Field(max_length=100)] = []


class Refused(BaseModel):
    """Why a request was not answered."""

    detail: str


class MistakeModel(BaseModel):
    """One wrong thing of the input."""

    what: str
    cure: str
    at: str


class Wrong(BaseModel):
    """Everything that is wrong with the input."""

    mistakes: list[MistakeModel]


class JobModel(BaseModel):
    """A job as it stands."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    done: int
    of: int
    label: str
    run: str | None
    base: str | None
    error: str | None
    comparison: dict[str, JsonValue] | None


class JobList(BaseModel):
    """Jobs, the newest first."""

    jobs: list[JobModel]


class Health(BaseModel):
    """Who answers, and which run the page opens with."""

    shieldwall: str
    start: str | None
    exercise: bool


class RunEntry(BaseModel):
    """One run of the folder."""

    run: str
    scenario: str
    title: str
    seed: int
    replications: int
    finished: bool


class RunList(BaseModel):
    """Runs, the newest first."""

    runs: list[RunEntry]


class ScenarioEntry(BaseModel):
    """One scenario."""

    scenario: str
    title: str
    shipped: bool


class ScenarioList(BaseModel):
    """Scenarios by name."""

    scenarios: list[ScenarioEntry]


class FileModel(BaseModel):
    """One file of a scenario."""

    name: str
    text: str


class FileList(BaseModel):
    """The files of a scenario, its own first."""

    files: list[FileModel]


class DiffModel(FileModel):
    """One changed file: its unified diff and its new text."""

    diff: str


class DiffList(BaseModel):
    """What changes of a scenario's files."""

    files: list[DiffModel]


class StopModel(BaseModel):
    """One stop of a threat."""

    number: int
    folder: str
    title: str
    sentences: list[str]


class Stops(BaseModel):
    """The ten stops of a threat."""

    threat: str
    replication: int
    stops: list[StopModel]
