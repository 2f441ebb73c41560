"""What the flight recorder of a device sends, as a trace: `firmware/device_lab/src` is the other end."""
