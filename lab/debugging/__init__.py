"""GDB at an emulated board: its remote protocol (GDB manual, appendix E) over a socket of the loopback interface."""
