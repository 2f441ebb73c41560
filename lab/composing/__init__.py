"""Streams: minutes of a sensor's signal that are made of recordings, with the truth beside them."""
