"""The difference between "not this one" and "nobody there": the first is this notice's, the second the channel's."""


class Refused(Exception):
    """The channel works and does not take this notice (no address, an address it does not know)."""
