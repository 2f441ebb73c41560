"""The motion recipe at work: variants of recordings, as windows or as movements, and a small network."""
