"""A `.tflite` model as the lab reads it: checked to the last offset, then a frozen value."""

from lab.model.model import Model, Operator, Tensor

__all__ = ["Model", "Operator", "Tensor"]
