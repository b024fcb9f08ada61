"""Which backups stay: the newest of each of the last days, and of each of the last weeks. The others go.

After the longest of these times nothing is left in any set of what was erased from the shop. The newest set stays in
any case: an old backup is worth more than none, and whoever watches is warned of its age.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from storage.backup.disk import force_folder
from storage.backup.manifest import instant_of, sets_in


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many days and weeks have a set of their own. `longest` is when the last of them is gone."""

    days: int = 7
    weeks: int = 4

    @property
    def longest(self) -> timedelta:
        return timedelta(days=max(self.days, 7 * self.weeks, 1))


def kept(instants: Sequence[datetime], rotation: Rotation, now: datetime) -> set[datetime]:
    """Those that stay."""
    found = sorted(instants, reverse=True)
    stay = set(found[:1])
    days, weeks = set(), set()
    for at in found:
        age = now - at
        week = at.isocalendar()[:2]
        if age <= timedelta(days=rotation.days) and at.date() not in days:
            days.add(at.date())
            stay.add(at)
    # Of a week its oldest: so one grows old as a week's, whatever day the work began.
    for at in reversed(found):
        week = at.isocalendar()[:2]
        if now - at <= timedelta(weeks=rotation.weeks) and week not in weeks:
            weeks.add(week)
            stay.add(at)
    return stay


def rotate(to: Path, rotation: Rotation, now: datetime) -> list[Path]:
    """Removes the sets whose time is over; which. Raises OSError."""
    sets = {instant_of(path): path for path in sets_in(to)}
    stay = kept(list(sets), rotation, now)
    gone = [path for at, path in sorted(sets.items()) if at not in stay]
    for path in gone:
        # Renamed first: half a set must not pass for a whole one.
        going = path.with_name(f".{path.name}.part")
        path.rename(going)
        shutil.rmtree(going)
    if gone:
        force_folder(to)
    return gone
