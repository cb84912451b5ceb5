#!/usr/bin/env python
"""Django's command line; `up` and `with-services` start before Django is loaded, to be fast."""

import os
import sys

from skillhub.embedded.cli import COMMANDS


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skillhub.settings")
    if len(sys.argv) > 1 and sys.argv[1] in COMMANDS:
        raise SystemExit(COMMANDS[sys.argv[1]](sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
