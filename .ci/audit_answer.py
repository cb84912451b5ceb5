"""Says what an answer of pip-audit (JSON) means: exits with 1 for known vulnerabilities, else with 0.

pip-audit calls packages that its source does not know, or could not be asked about, free of vulnerabilities.
"""

import json
import sys
from pathlib import Path


def told(answer: str) -> tuple[list[str], bool]:
    """Lines to print, and whether there are known vulnerabilities."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return ["NOT CHECKED: the data of pip-audit cannot be reached."], False
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if len(skipped) == len(packages):
        return [f"NOT CHECKED: none of {len(packages)} packages could be looked up."], False
    lines = [
        f"{package['name']} {package['version']}: {one['id']}, "
        f"mended in {', '.join(one['fix_versions']) or 'no version'}"
        for package in packages
        for one in package.get("vulns", [])
    ]
    if skipped:
        lines.append(f"NOT CHECKED: {', '.join(skipped)}.")
    vulnerable = any(package.get("vulns") for package in packages)
    if not vulnerable:
        lines.append(f"{len(packages) - len(skipped)} packages have no known vulnerability.")
    return lines, vulnerable


if __name__ == "__main__":
    file = Path(sys.argv[1])
    lines, vulnerable = told(file.read_text(encoding="utf-8") if file.exists() else "")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.exit(int(vulnerable))
