"""`shieldwall trace`: one threat's ten stops, in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding

import shieldwall
from shieldwall.cli.terminal import answers, print_json
from shieldwall.results.trace import Stop
from shieldwall.study.trace import trace as follow


def trace(name: str, settings: Sequence[str], *, threat: str, replication: int, seed: int, as_json: bool) -> None:
    """Follow one threat and print its stops."""
    scenario = shieldwall.load(name, overrides=settings)
    stops = follow(scenario, threat, replication, seed)
    if as_json:
        told = [dataclasses.asdict(stop) for stop in stops]
        print_json({"threat": threat, "replication": replication, "seed": seed, "stops": told})
    else:
        print_stops(stops, answers())


def print_stops(stops: Sequence[Stop], console: Console) -> None:
    """Print each stop: its number, title and folder, then its sentences below."""
    for stop in stops:
        console.print(f"{stop.number:2d}  {stop.title}  ({stop.folder})", style="bold")
        for sentence in stop.sentences:
            console.print(Padding(sentence, (0, 0, 0, 4)))
