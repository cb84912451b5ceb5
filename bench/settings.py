"""The product's settings plus the addresses of the baselines."""

from skillhub.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
RATES = dict.fromkeys(("read", "search", "write", "publish"), 10_000_000)  # counted, never met
