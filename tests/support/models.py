"""Understanders for tests: the shipped one under other versions, so that nothing has to be trained or derived anew."""

import os
import shutil

from nlu.artifact import SHIPPED, Artifact, load_artifact, save_artifact
from nlu.promoted import Pointer, shelf, write_pointer

SHIPPED_FOLDER = SHIPPED / "understander"


def shipped():
    return load_artifact(SHIPPED_FOLDER, "understander")


def variant(folder, derived, cache, **meta):
    """The shipped understander with another `meta`, saved in `folder`; its derived file is the shipped one's, linked.

    Only what the graph does not hold may differ: temperature, thresholds, the order of labels.
    """
    original = shipped()
    artifact = Artifact({**original.meta, **meta}, original.tensors)
    save_artifact(folder, artifact)
    link_derived(derived, cache, original.version, artifact.version)
    return artifact


def warmer(folder, derived, cache, by=0.01):
    """As good as the shipped one, under another version."""
    return variant(folder, derived, cache, temperature=shipped().meta["temperature"] + by)


def confused(folder, derived, cache):
    """One that takes search for refine and refine for search."""
    swap = {"search": "refine", "refine": "search"}
    return variant(folder, derived, cache, labels=[swap.get(label, label) for label in shipped().meta["labels"]])


def link_derived(derived, cache, version, other):
    cache.mkdir(parents=True, exist_ok=True)
    for path in derived:
        target = cache / path.name.replace(version, other)
        if not target.exists():
            os.link(path, target) if path.stat().st_dev == cache.stat().st_dev else shutil.copy(path, target)


def derived_cache(derived, cache):
    """Everything that the shipped models need."""
    link_derived(derived, cache, "", "")
    return cache


def point(cache, version, previous="shipped"):
    write_pointer(cache, Pointer(version, previous, "2026-11-20T10:00:00+00:00", "a test"))


def put_on_shelf(cache, folder, version):
    shutil.copytree(folder, shelf(cache) / version)
