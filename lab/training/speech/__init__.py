"""The speech recipe at work: variants of clips, a teacher on a speech embedding, a small network."""
