"""Firmware that the lab did not build: an adapter says how to feed it and how to read it (docs/own-firmware.md)."""
