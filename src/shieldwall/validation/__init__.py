"""Hold the model against reported raids: read the table, forecast each night from those before it, score, calibrate."""

from shieldwall.validation.attack_table import AttackTable, read_attack_table
from shieldwall.validation.backcast import backcast

__all__ = ["AttackTable", "backcast", "read_attack_table"]
