"""From recordings to a model for the device: split, augmentation, networks, int8 conversion, evaluation."""
