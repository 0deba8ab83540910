"""The scenario language: from a YAML file to a frozen, checked `Scenario`."""

from shieldwall.scenario.load import load, shipped
from shieldwall.scenario.schema import schema
from shieldwall.scenario.types import Scenario

__all__ = ["Scenario", "load", "schema", "shipped"]
