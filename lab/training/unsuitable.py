"""Why a variant of a network cannot be made."""


class Unsuitable(Exception):
    """The network has something in it that the variant has no form for."""
