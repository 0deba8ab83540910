"""Hold the model against reported raids: read the table, forecast each night from those before it, score, calibrate."""

from shieldwall.validation.attack_table import AttackTable, read_attack_table
from shieldwall.validation.backcast import backcast
from shieldwall.validation.calibration import OverlayFigure, calibrated_overlay, overlay_as_json

__all__ = ["AttackTable", "OverlayFigure", "backcast", "calibrated_overlay", "overlay_as_json", "read_attack_table"]
