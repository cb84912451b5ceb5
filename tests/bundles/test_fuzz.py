"""Mutated archives and front matters never crash and never slip through half-read."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skills.bundles.limits import BundleLimits
from skills.bundles.validate import check_files, check_zip
from tests.bundles import hostile

SOAK = bool(os.environ.get("SOAK"))  # in full, and at random; else the same sample every time
TRIES = 20_000 if SOAK else 300
SEED = hostile.plain({"SKILL.md": hostile.GOOD, "scripts/run.sh": b"#!/bin/sh\necho hi\n"})
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=TRIES, derandomize=not SOAK, deadline=None, suppress_health_check=QUIET)
@given(st.lists(st.tuples(st.integers(0, len(SEED) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_mutated_zip_is_refused_or_read_whole(changes):
    data = bytearray(SEED)
    for at, value in changes:
        data[at] = value

    report = check_zip(bytes(data), BundleLimits())

    assert (report.bundle is None) == bool(report.errors)
    if report.bundle:
        assert sorted(report.bundle.files) == sorted(file.path for file in report.bundle.archive.files)


@settings(max_examples=TRIES, derandomize=not SOAK, deadline=None, suppress_health_check=QUIET)
@given(st.text(alphabet=st.sampled_from("ab:-{}[]&*!|>'\"#%@, \n\t\\?é"), max_size=200))
def test_any_front_matter_is_refused_or_read(text):
    report = check_files({"SKILL.md": hostile.matter(text)}, BundleLimits())

    assert (report.bundle is None) == bool(report.errors)


@settings(max_examples=TRIES, derandomize=not SOAK, deadline=None, suppress_health_check=QUIET)
@given(st.dictionaries(st.text(max_size=12), st.binary(max_size=40), max_size=4))
def test_any_folder_is_refused_or_packed_one_to_one(extra):
    report = check_files({"SKILL.md": hostile.GOOD, **extra}, BundleLimits())

    if report.bundle:
        kept = {name: data for name, data in extra.items() if name in report.bundle.files}
        assert all(report.bundle.files[name] == data for name, data in kept.items())
        folded = [name.casefold() for name in report.bundle.files]
        assert len(folded) == len(set(folded))
