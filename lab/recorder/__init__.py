"""What the flight recorder of a device sends, as a trace: `firmware/recorder` is the other end."""
