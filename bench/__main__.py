"""Runs every benchmark (or those named) on services of its own and prints one table."""

import os
import platform
import sys
import tempfile
from pathlib import Path


def main(chosen: list[str]) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    folder = tempfile.TemporaryDirectory(prefix="skillhub-bench-")
    Path(folder.name).chmod(0o711)
    os.environ["DATA_DIR"] = str(Path(folder.name) / "data")
    from skillhub.embedded.services import Services

    services = Services()
    services.start()
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        from bench import (
            attribution,
            bait,
            engine,
            evaluations,
            gateway,
            importing,
            protocols,
            reports,
            rules,
            search_quality,
            search_speed,
            serving,
            sizes,
            starting,
            syncing,
        )
        from bench.report import HEAD

        parts = {
            "serving": serving,
            "sizes": sizes,
            "importing": importing,
            "syncing": syncing,
            "bait": bait,
            "starting": starting,
            "engine": engine,
            "evaluations": evaluations,
            "gateway": gateway,
            "protocols": protocols,
            "rules": rules,
            "search_quality": search_quality,
            "search_speed": search_speed,
            "attribution": attribution,
            "reports": reports,
        }
        figures = [
            figure
            for name, part in parts.items()
            if not chosen or name in chosen
            for figure in part.measure()
        ]
    finally:
        services.stop()
        folder.cleanup()
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n{HEAD}")
    for figure in figures:
        print(figure.row())
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
