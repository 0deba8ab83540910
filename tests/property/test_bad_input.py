"""Mutated scenario files load or are refused with located mistakes; never another exception, never a hang.

400 seeded mutations of a scenario that uses the whole language and of the shipped ones: keys deleted, doubled and
renamed, values swapped for others, wrong units, torn files, random bytes, numbers that are none, alias bombs.
"""

from __future__ import annotations

import random
import signal
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shieldwall.catalogue.load import load_catalogue
from shieldwall.core.errors import InputError, Mistake
from shieldwall.scenario.load import load, shipped, shipped_folder
from shieldwall.scenario.reader import MAX_BYTES
from shieldwall.scenario.types import Scenario

SEED = 20250609
LIMIT_S = 20.0

WHOLE_LANGUAGE = """\
shieldwall: 1
name: all-of-it
title: Every key of the language
notes: Notional.
time_zone: Europe/Kyiv
start: 2025-06-08 20:00
integration: sector
command: {identification: 20 s, command: 30 s, delay: exponential}
doctrine:
  assignment: greedy
  weapons_control: free
  shots: {drone: {salvo: 1, max_shots: 3, assess: 10 s}, ballistic: {salvo: 2}}
  prefer: {drone: [gun, manpads]}
  forbid: {drone: [pac-3-mse]}
  reserves: [{effector: pac-3-mse, keep: 4, for: [ballistic]}]
places:
  kursk: [51.73, 36.19]
areas:
  - {id: coast, polygon: [[46.0, 37.0], [46.6, 38.2], [45.6, 38.6]]}
assets:
  - {id: kyiv, kind: city, name: Kyiv, position: [50.45, 30.52], radius: 12 km, value: 100, population: 2950000}
  - {id: dnipro, kind: city, position: [48.46, 35.05], hardness: 2 t}
sensors:
  - {id: ew-north, type: p-18-class, position: [51.2, 31.3], sector: north, availability: 95 %, antenna_height: 10 m}
  - {id: gaps, type: gap-filler-radar, position: kursk, count: 2}
fire_units:
  - id: patriot-kyiv
    type: patriot-battery
    position: kyiv
    sector: north
    magazine: {pac-3-mse: 24}
    reserve: {pac-3-mse: 12, pac-2-gem-t: 0}
    readiness: 5 min
    availability: 0.9
    channels: 9
    backup_radars: [patriot-two]
  - {id: patriot-two, type: patriot-battery, position: [48.5, 35.0], sector: east, count: 2}
soft_kill_zones:
  - {id: ew-kyiv, type: ew-city, position: [50.4, 30.5], radius: 30 km, hazard: {drone: 0.5 1/h}}
raids:
  - {id: north, type: shahed-136, count: 120, from: [[51.8, 34.3]], aim: {kyiv: 3, dnipro: 1}, launch: "21:30",
     spread: 90 min, timing: normal, decoy_share: 40 %, abort_share: 1 %, routes: 3, route_spread: 30 km}
  - {id: sea, type: shahed-136, count: 30, from: {area: coast}, aim: [kyiv, dnipro], via: [[47.0, 36.0]],
     arrive: "+06:30", spread: 1 h, timing: poisson}
  - {id: east, type: kh-101, count: 4, axis: {toward: kyiv, bearing: 70 deg, distance: 600 km}, aim: [patriot-kyiv],
     arrive: 2025-06-09 02:15}
  - {id: hunters, type: kh-31p, count: 2, from: [[48.6, 35.9]], aim: radars, launch: "23:00"}
  - {id: named, type: shahed-136, count: 1, origin: kursk, aim: kyiv, launch: "23:00"}
overrides: {threats.shahed-136.speed: 185 km/h, effectors.pac-3-mse.kill_probability.drone: 0.8}
scale: {defence: 2, fire_units: 1, rounds: 2, sensors: 1}
reported: {shahed-136: {launched: 120, shot_down: 80}, source: notional}
"""

VALUES = (
    "", "~", "[]", "{}", "-1", "0", "1e400", "-1e400", ".nan", ".inf", "-.inf", "true", "NO", "null", "010", "1_000",
    "99999999999999999999999999", "9" * 400, "40 km", "-40 km", "40 kilometres", "Mach 5", "Mach", "5", "5 s", "-3 s",
    "1e308 km", "nan km", "inf s", "110 %", "12:30:00", "25:61", "+99999:00", "2025-02-30 10:00", "0000-00-00 00:00",
    "9999-12-31 23:59", "[1]", "[1, 2]", "[91, 0]", "[0, 181]", "[.nan, 0]", "[[0, 0]]", "[[[[]]]]", "{a: 1}", "'",
    '"', "*a", "&a", "&a [*a]", "!!python/object:os.system x", "!!str 5", "| \n", "café", "\u0000", "\ufeff", "\t",
    "x" * 5000, "'../../etc/passwd'", "radars", "kyiv", "shahed-136", "f-35", "{area: nowhere}", "{area: coast}",
    "1000000", "200001", "2 EUR", "low", "- a", ": b", "# c", "{", "}", "[", "<<: {a: 1}", "? a", "%YAML 1.1",
    "---", "...",
)  # fmt: skip

Mutation = Callable[[str, random.Random], bytes]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def delete_line(text: str, draw: random.Random) -> bytes:
    lines = _lines(text)
    del lines[draw.randrange(len(lines))]
    return "".join(lines).encode()


def double_line(text: str, draw: random.Random) -> bytes:
    lines = _lines(text)
    at = draw.randrange(len(lines))
    return "".join([*lines[:at], lines[at], *lines[at:]]).encode()


def swap_lines(text: str, draw: random.Random) -> bytes:
    lines = _lines(text)
    a, b = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "".join(lines).encode()


def shift_line(text: str, draw: random.Random) -> bytes:
    lines = _lines(text)
    at = draw.randrange(len(lines))
    lines[at] = draw.choice((" ", "    ", "\t")) + lines[at] if draw.random() < 0.5 else lines[at].lstrip()
    return "".join(lines).encode()


def _value_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of values that stand behind a colon."""
    spans = []
    start = text.find(": ")
    while start >= 0:
        end = start + 2
        while end < len(text) and text[end] not in ",}\n":
            end += 1
        spans.append((start + 2, end))
        start = text.find(": ", start + 2)
    return spans


def change_value(text: str, draw: random.Random) -> bytes:
    start, end = draw.choice(_value_spans(text))
    return (text[:start] + draw.choice(VALUES) + text[end:]).encode()


def swap_values(text: str, draw: random.Random) -> bytes:
    (a, b), (c, d) = sorted(draw.sample(_value_spans(text), 2))
    return (text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]).encode()


def rename_key(text: str, draw: random.Random) -> bytes:
    end = draw.choice(_value_spans(text))[0] - 2
    start = end
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_-."):
        start -= 1
    letters = list(text[start:end]) or ["x"]
    at = draw.randrange(len(letters))
    letters[at] = draw.choice(("", "x", letters[at] * 2, "~", "é", "*", "&"))
    return (text[:start] + "".join(letters) + text[end:]).encode()


def truncate(text: str, draw: random.Random) -> bytes:
    content = text.encode()
    return content[: draw.randrange(len(content))]


def random_bytes(text: str, draw: random.Random) -> bytes:
    content = bytearray(text.encode())
    for _ in range(draw.choice((1, 1, 3, 20))):
        content[draw.randrange(len(content))] = draw.randrange(256)
    return bytes(content)


def insert_text(text: str, draw: random.Random) -> bytes:
    at = draw.randrange(len(text))
    return (text[:at] + draw.choice(VALUES) + text[at:]).encode()


def alias_bomb(text: str, draw: random.Random) -> bytes:
    depth, width = draw.randrange(2, 40), draw.randrange(2, 12)
    bomb = ["b0: &b0 [x]"] + [f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * width)}]" for i in range(1, depth)]
    key = draw.choice(("raids", "notes", "assets", "overrides", "catalogue", "bomb"))
    return (text + "\n".join(bomb) + f"\n{key}: *b{depth - 1}\n").encode()


def nest(text: str, draw: random.Random) -> bytes:
    depth = draw.choice((10, 39, 41, 1000, 100_000))
    opening, closing = draw.choice((("[", "]"), ("{a: ", "}"), ("- ", "")))
    start, end = draw.choice(_value_spans(text))
    return (text[:start] + opening * depth + closing * depth + text[end:]).encode()


def wrong_unit(text: str, draw: random.Random) -> bytes:
    units = (" km", " m", " s", " min", " h", " %", " deg", " t", " km/h", " 1/h")
    places = [(at, unit) for unit in units for at in range(len(text)) if text.startswith(unit, at)]
    if not places:
        return change_value(text, draw)
    at, unit = draw.choice(places)
    return (text[:at] + draw.choice((*units, "", " furlong", " KM", " %%")) + text[at + len(unit) :]).encode()


MUTATIONS: tuple[Mutation, ...] = (
    delete_line, double_line, swap_lines, shift_line, change_value, change_value, change_value, swap_values, rename_key,
    truncate, random_bytes, insert_text, alias_bomb, nest, wrong_unit, wrong_unit,
)  # fmt: skip


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@contextmanager
def within(seconds: float, what: str) -> Iterator[None]:
    def stop(signum, frame):
        raise TimeoutError(f"{what} took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def is_loaded_or_refused(path: Path, catalogue, what: str) -> bool:
    """Return whether it loaded; fail on anything but a scenario or located mistakes."""
    mistakes: tuple[Mistake, ...] = ()
    scenario = None
    with within(LIMIT_S, what):
        try:
            scenario = load(path, catalogue=catalogue)
        except InputError as error:
            mistakes = error.mistakes
    assert isinstance(scenario, Scenario) or mistakes, what
    for mistake in mistakes:
        assert mistake.file, f"{what}: {mistake!r}"
        assert mistake.line >= 1, f"{what}: {mistake!r}"
        assert mistake.column >= 1, f"{what}: {mistake!r}"
        assert mistake.what.strip(), f"{what}: {mistake!r}"
    return scenario is not None


def texts() -> list[str]:
    folder = shipped_folder()
    assert folder is not None
    found = [(folder / name / "scenario.yaml").read_text(encoding="utf-8") for name in shipped()]
    return [WHOLE_LANGUAGE] * 3 + [text for text in found if len(text) < 20_000]


def test_whole_language_loads(tmp_path, catalogue):
    path = tmp_path / "scenario.yaml"
    path.write_text(WHOLE_LANGUAGE, encoding="utf-8")
    assert load(path, catalogue=catalogue).name == "all-of-it"


@pytest.mark.parametrize("batch", range(8))
def test_mutated_files_load_or_are_refused_with_located_mistakes(batch, tmp_path, catalogue):
    bases = texts()
    path = tmp_path / "scenario.yaml"
    loaded = 0
    for number in range(batch * 50, batch * 50 + 50):
        draw = random.Random(SEED + number)
        mutate = MUTATIONS[number % len(MUTATIONS)]
        path.write_bytes(mutate(draw.choice(bases), draw))
        loaded += is_loaded_or_refused(path, catalogue, f"mutation {number} ({mutate.__name__})")
    assert loaded < 50, "mutations should break something"


def test_all_mistakes_are_told_at_once(tmp_path, catalogue):
    text = WHOLE_LANGUAGE.replace("count: 120", "count: -1").replace("type: kh-101", "type: kh-1o1")
    text = (
        text.replace("spread: 1 h", "spread: 1 km").replace("aim: kyiv", "aim: kiev").replace("delay: exp", "dely: exp")
    )
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path, catalogue=catalogue)
    told = "\n".join(mistake.what for mistake in caught.value.mistakes)
    for part in ("-1 is less", "kh-1o1", "'km' is a length", "'kiev'", "'dely'"):
        assert part in told


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"a: " + b"x" * MAX_BYTES, "larger than 2 MB"),
        (b"\x7fELF\x02\x01\x01\x00" * 1000, "not allowed in YAML"),
        (b"\xff\xfe" + "shieldwall: 1".encode("utf-16-le"), "not UTF-8"),
        (b"", "nothing is written here"),
        (b"# only a comment\n", "nothing is written here"),
        (b"- a\n- b\n", "a list stands where"),
        (b"just words\n", "a single value stands where"),
        (b"a:\n\tb: 1\n", "not YAML"),
        (b"[" * 500_000, "nested more than"),
        (b"- " * 200_000, "nested more than"),
        (b"a: &a [" + b"1," * 1000 + b"]\nb: [" + b"*a," * 300 + b"]", "more than 250,000 values"),
        (b"a: 1\n---\nb: 2\n", "a second document"),
    ],
)
def test_hostile_file_is_refused(content, what, tmp_path, catalogue):
    path = tmp_path / "scenario.yaml"
    path.write_bytes(content)
    with within(LIMIT_S, what), pytest.raises(InputError, match=what):
        load(path, catalogue=catalogue)


def test_file_of_fifty_megabytes_is_refused_without_being_read(tmp_path, catalogue):
    path = tmp_path / "scenario.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    tracemalloc.start()
    with pytest.raises(InputError, match="larger than 2 MB, the limit for one file"):
        load(path, catalogue=catalogue)
    most_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most_bytes < 10_000_000


def test_million_threats_are_refused(tmp_path, catalogue):
    path = tmp_path / "scenario.yaml"
    path.write_text(WHOLE_LANGUAGE.replace("count: 120", "count: 1_000_000"), encoding="utf-8")
    with pytest.raises(InputError, match="1,000,000 is more than 200,000"):
        load(path, catalogue=catalogue)
    many = WHOLE_LANGUAGE.replace("count: 120", "count: 150_000").replace("count: 30", "count: 150_000")
    path.write_text(many, encoding="utf-8")
    with pytest.raises(InputError, match="300,007 threats in all; the limit is 200,000"):
        load(path, catalogue=catalogue)


def test_long_texts_do_not_stall_the_unit_reader(tmp_path, catalogue):
    path = tmp_path / "scenario.yaml"
    stall = "1 " + "x" + " " * 200_000 + "y"
    path.write_text(WHOLE_LANGUAGE.replace("spread: 1 h", f'spread: "{stall}"'), encoding="utf-8")
    with within(LIMIT_S, "a long quantity"), pytest.raises(InputError, match="is not a quantity"):
        load(path, catalogue=catalogue)
