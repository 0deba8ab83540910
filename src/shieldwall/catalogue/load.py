"""Load the catalogue from its folder of YAML files, or from the cached form of the same bytes.

Parsing and checking the files takes seconds, so the plain form is kept as JSON in the user's cache folder under the
SHA-256 of the files' bytes and of the rules that checked them. A cache that cannot be written or read is no error.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.checks import check_record
from shieldwall.catalogue.read import Complaint, locate, parse, read_record, read_sources, yaml_mistake
from shieldwall.catalogue.records import GROUPS, Record
from shieldwall.catalogue.sourced import Source
from shieldwall.core.cache_folder import cache_folder
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.core.whole_file import whole_file

DATA_FOLDER = Path(__file__).parent / "data"
_SOURCES = "sources.yaml"
_RULES = (
    "sourced.py", "dimensions.py", "records.py", "resilience.py", "resources.py", "read.py", "checks.py", "classes.py",
    "../core/units.py",
)  # fmt: skip


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Return the catalogue in `folder` (the shipped one by default).

    Raises
    ------
    InputError
        If any entry is wrong, with every mistake of every file.
    """
    files = _files(folder or DATA_FOLDER)
    content_hash = _hash(files)
    cache = _cache_file(content_hash)
    plain_form = _read_cache(cache)
    if plain_form is None:
        plain_form, mistakes = _read_files(files)
        if mistakes:
            raise InputError(mistakes)
        _write_cache(cache, plain_form)
    sources = {key: Source.model_validate(value) for key, value in plain_form["sources"].items()}
    return Catalogue.of(plain_form["groups"], sources, content_hash)


def check_catalogue(folder: Path | None = None) -> list[Mistake]:
    """Return every mistake of every file in `folder` (the shipped catalogue by default); [] if all is well."""
    return sorted(_read_files(_files(folder or DATA_FOLDER))[1])


def _files(folder: Path) -> list[tuple[str, bytes]]:
    """Return (name for messages, bytes) of every YAML file below `folder`, by relative path."""
    if not folder.is_dir():
        raise InputError(Mistake(str(folder), 0, 0, "there is no such folder", "give the folder of a catalogue"))
    paths = sorted(folder.glob("**/*.yaml"), key=lambda path: path.relative_to(folder).as_posix())
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]


def _hash(files: Sequence[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _read_files(files: Sequence[tuple[str, bytes]]) -> tuple[dict[str, Any], list[Mistake]]:
    """Return the plain form {"groups": ..., "sources": ...} and every mistake."""
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415  not needed where there is a cache

    contents: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for name, content in files:
        try:
            contents[name] = parse(content.decode("utf-8"))
        except YAMLError as error:
            mistakes.append(yaml_mistake(name, error))
        except UnicodeDecodeError:
            mistakes.append(Mistake(name, 0, 0, "this is not UTF-8 text", "save the file as UTF-8"))
    texts = {name: content.decode("utf-8", "replace") for name, content in files}
    listed = contents.pop(_SOURCES, {})
    sources, complaints = read_sources(listed)
    mistakes += _located(_SOURCES, texts, complaints)
    records: dict[str, Record] = {}
    for name, data in contents.items():
        group = name.partition("/")[0]
        if group not in GROUPS:
            mistakes.append(Mistake(name, 0, 0, f"there is no group '{group}'", nearest(group, GROUPS)))
            continue
        record, complaints = read_record(group, data)
        mistakes += _located(name, texts, complaints)
        if record is not None:
            records[name] = record
    mistakes += _check_all(records, sources, frozenset(listed or ()), texts)
    groups: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
    for name, record in records.items():
        groups[name.partition("/")[0]][record.id] = contents[name]
    return {"groups": groups, "sources": {key: source.model_dump() for key, source in sources.items()}}, mistakes


def _check_all(
    records: Mapping[str, Record], sources: Mapping[str, Source], keys: frozenset[str], texts: Mapping[str, str]
) -> list[Mistake]:
    # A file that could not be read has its id in its name: one mistake should not cause others.
    ids = {group: frozenset(Path(name).stem for name in texts if name.startswith(f"{group}/")) for group in GROUPS}
    mistakes = []
    for name, record in records.items():
        complaints = check_record(record, sources, ids, keys=keys)
        expected = Path(name).stem
        if record.id != expected:
            complaints.append(Complaint(("id",), f"the id '{record.id}' is not the file's name", f"write {expected}"))
        mistakes += _located(name, texts, complaints)
    return mistakes


def _located(name: str, texts: Mapping[str, str], complaints: Sequence[Complaint]) -> list[Mistake]:
    return locate(name, texts[name], complaints) if complaints else []


def _cache_file(content_hash: str) -> Path:
    rules = hashlib.sha256(content_hash.encode())
    for name in _RULES:
        rules.update((Path(__file__).parent / name).read_bytes())
    return cache_folder() / f"catalogue-{rules.hexdigest()[:32]}.json"


def _read_cache(cache: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and {"groups", "sources"} <= found.keys() else None


def _write_cache(cache: Path, plain_form: Mapping[str, Any]) -> None:
    """Write it whole, so that no reader sees half a cache; without one the next start is only slower."""
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(cache) as file:
            file.write(json.dumps(plain_form, sort_keys=True).encode())
    except OSError:
        return
