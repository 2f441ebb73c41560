"""Look at traces of sensors, convert, cut, join, mix and label them.

A trace is what a device's sensors delivered, with labels and times. docs/traces.md has the formats.
"""

GROUP = "Look at results"
EXAMPLES = (
    "lab trace info field.wav",
    "lab trace convert wrist.resd wrist.csv",
    "lab trace cut field.wav yes.wav --from 2.0 --to 3.0",
)
