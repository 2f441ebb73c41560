"""A model on this machine, by TFLM's or LiteRT's interpreter, in a process of its own.

They are other people's C++ and meet models from strangers: what they do to their process must not reach the lab's.
`interpreter` is the lab's side, `served` the process, `wire` what goes between them. Nothing is imported here, so that
the process starts without the rest of the lab.
"""
