"""The two commands that own processes: `up` (the whole product) and `with-services CMD`."""

import os
import subprocess
import sys
from collections.abc import Callable

from skillhub import env
from skillhub.embedded.services import Services


def up(arguments: list[str]) -> int:
    """Start everything, print the address, stop everything on Ctrl-C. With --reload, follow the code."""
    if arguments not in ([], ["--reload"]):
        raise SystemExit("manage.py up takes --reload alone; set PORT, HOST, DATA_DIR or DEMO.")
    env.keep_files_private()
    from skillhub.embedded.supervisor import Supervisor

    return Supervisor(reload="--reload" in arguments).run()


def with_services(arguments: list[str]) -> int:
    """Run one command with the embedded services up, e.g. a migration or a restore."""
    if not arguments:
        raise SystemExit("Usage: manage.py with-services COMMAND [ARGUMENT ...]")
    env.keep_files_private()
    services = Services()
    services.start()
    try:
        return subprocess.run(arguments, env=dict(os.environ), check=False).returncode
    finally:
        services.stop()


COMMANDS: dict[str, Callable[[list[str]], int]] = {"up": up, "with-services": with_services}

if __name__ == "__main__":
    raise SystemExit(with_services(sys.argv[1:]))
