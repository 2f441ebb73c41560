"""What sensors deliver: signals, and the formats in which they are recorded."""
