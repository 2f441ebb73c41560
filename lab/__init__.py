"""Device lab: hardware-free tests for TensorFlow Lite Micro firmware.

Data flows one way: `recordings` and `training` feed `building`, its ELF runs in `engines`, what the device did is
gathered by `measuring`, judged by `verdict` and shown by `reporting`. `cli` has one module per command.
"""

__version__ = "0.1.0"
