"""Named places where a test may kill the process, to show that nothing is torn there."""

import os
import signal

# Read once at import: outside of tests a failpoint costs one comparison.
_KILL_AT = os.environ.get("SKILLHUB_KILL_AT", "")


def reached(name: str) -> None:
    """Die here, without clean-up, when the environment of this process asks for it by NAME."""
    if _KILL_AT and name == _KILL_AT:
        os.kill(os.getpid(), signal.SIGKILL)
