"""Who sees what: sensors and their types here, how far in `reach`, over which horizon in `horizon`."""

from shieldwall.surveillance.sensor import Sensor, SensorType

__all__ = ["Sensor", "SensorType"]
