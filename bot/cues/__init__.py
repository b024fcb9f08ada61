"""Cue words as data: each file lists regular expressions, one a line, in either language."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path


@cache
def cue(name: str) -> re.Pattern[str]:
    """One pattern for all lines of `<name>.txt`, the longer first, whatever the case."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return re.compile("|".join(sorted(filter(None, lines), key=len, reverse=True)), re.IGNORECASE)
