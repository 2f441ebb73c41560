"""Arguments of `lab_mark` (docs/device-protocol.md)."""

INFERENCE_BEGINS, INFERENCE_ENDED = 1, 2
FEATURE_STEP_BEGINS, FEATURE_STEP_ENDED = 3, 4
OPERATOR_BEGINS, OPERATOR_ENDED = 5, 6
"""While operators are traced."""
