"""Why nothing could be read."""

from skills.lib.errors import Refused


class NotRead(Refused):
    """Nothing was read. Its problem says the cause, where, and what to do; the token is never in it."""

    title = "The source cannot be read"


class PartNotRead(NotRead):
    """One address was not read, for a reason of its own: what else a list names may be there."""
