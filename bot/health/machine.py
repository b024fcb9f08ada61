"""What the machine has left for this process: memory under its limit, room on the disk."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
_MEGABYTE = 1024 * 1024


def resident_bytes() -> int:
    """Memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def memory_limit_bytes(configured_megabytes: int = 0) -> int:
    """What it may hold: as configured, else by its control groups (systemd, a container), else all there is."""
    if configured_megabytes:
        return configured_megabytes * _MEGABYTE
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([whole, *_group_limits()])


def free_bytes(folder: Path) -> int:
    """Room on the disk where a folder lies, or will."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _group_limits() -> list[int]:
    """The limits of the group that this process is in, and of those above it."""
    limits = []
    with suppress(OSError, ValueError):
        line = Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()[-1]
        group = _CGROUPS / line.rpartition(":")[2].lstrip("/")
        for folder in (group, *group.parents):
            with suppress(OSError, ValueError):
                limits.append(int((folder / "memory.max").read_text(encoding="ascii")))
            if folder == _CGROUPS:
                break
    return limits
