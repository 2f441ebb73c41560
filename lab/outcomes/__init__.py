"""What a device did with what was played to it: values that measuring makes, metrics count and results show."""
