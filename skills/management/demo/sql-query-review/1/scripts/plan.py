#!/usr/bin/env python3
"""List the slowest nodes of a PostgreSQL plan in JSON: `plan.py FILE`."""

import json
import sys
from collections.abc import Iterator


def nodes(plan: dict) -> Iterator[tuple[float, str, float, float]]:
    """Own time in ms, name, estimated and actual rows of a node and those beneath it."""
    children = plan.get("Plans", [])
    loops = plan.get("Actual Loops", 1)
    total = plan.get("Actual Total Time", 0) * loops
    inner = sum(child.get("Actual Total Time", 0) * child.get("Actual Loops", 1) for child in children)
    name = " ".join(filter(None, [plan["Node Type"], plan.get("Relation Name"), plan.get("Index Name")]))
    yield total - inner, name, plan.get("Plan Rows", 0), plan.get("Actual Rows", 0)
    for child in children:
        yield from nodes(child)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        root = json.load(file)[0]["Plan"]
    for time, name, expected, actual in sorted(nodes(root), reverse=True)[:5]:
        print(f"{time:10.1f} ms  {name}  (expected {expected:g} rows, met {actual:g})")
