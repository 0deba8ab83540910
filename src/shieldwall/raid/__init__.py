"""How threats fly: salvos and their types here, the paths they may take in `paths`, what is in range in `reach`."""

from shieldwall.raid.salvo import Salvo, ThreatType

__all__ = ["Salvo", "ThreatType"]
