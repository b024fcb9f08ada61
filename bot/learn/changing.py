"""Changing what serves: the fine-tuning room's own commands, called as processes, with their sentences."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_LONGEST_S = 120.0


class ChangeError(Exception):
    """Nothing was changed; the message is the sentence of the command that refused."""


def change(data: Path, by: str, module: str, *arguments: str) -> str:
    """Runs `finetune.trial` or `finetune.rollback` on a data folder; what it says. Raises ChangeError."""
    command = [sys.executable, "-m", module, *arguments, "--data", str(data), "--by", by]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_S)
    except subprocess.TimeoutExpired as error:
        raise ChangeError("The change took too long and was given up.") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["Nothing was changed."]
        raise ChangeError(lines[-1].removeprefix("Error: "))
    return done.stdout.strip()
