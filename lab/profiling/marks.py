"""Arguments of `lab_mark` at which the phases of a decision begin (docs/device-protocol.md)."""

INFERENCE = 1
FEATURE_STEP = 3
