"""PYX: Python programs whose meaning is spelled out, every answer proved by execution."""

__version__ = "0.1.0"
