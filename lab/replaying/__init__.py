"""Replaying: one trace, of any length, to one board from one boot, and what the firmware makes of it as it goes."""
