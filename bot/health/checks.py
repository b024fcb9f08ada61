"""Checks that run by themselves, each at its own pace, so that whoever asks how the bot is costs it nothing.

A check that takes too long, raises, or has not been repeated for a while has failed; its finding says so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.health import figures

STALE_AFTER = 3.0
"""Of its pace: a result older than that counts as failed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing is: `what` in a sentence, `todo` what to do where it is not well."""

    ok: bool
    what: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at every `every` seconds, for `limit` seconds at most.

    What is not `required` is reported and leaves the bot ready: without it shoppers are answered all the same.
    """

    name: str
    look: Callable[[], Awaitable[Finding]]
    every: float = 30.0
    limit: float = 10.0
    required: bool = True


@dataclass(frozen=True, slots=True)
class _Result:
    finding: Finding
    at: float  # monotonic


class Checks:
    """The newest finding of each check. `report` may be called from any thread."""

    def __init__(self, checks: Sequence[Check], clock: Callable[[], float] = time.monotonic) -> None:
        self._checks, self._clock = {check.name: check for check in checks}, clock
        self._results: dict[str, _Result] = {}

    async def run(self) -> None:
        """Looks until cancelled."""
        await asyncio.gather(*(self._repeat(check) for check in self._checks.values()))

    async def look(self, name: str) -> Finding:
        """Looks at one thing now."""
        check = self._checks[name]
        try:
            async with asyncio.timeout(check.limit):
                finding = await check.look()
        except TimeoutError:
            finding = Finding(False, f"No answer within {check.limit:.0f} s.", "See whether the machine is overloaded.")
        except Exception as error:
            finding = Finding(False, f"{type(error).__name__}: {' '.join(str(error).split())[:300]}", "See the log.")
        self._results[name] = _Result(finding, self._clock())
        figures.CHECK_OK.labels(check=name).set(finding.ok)
        return finding

    def failing(self, name: str) -> bool | None:
        """Whether the last look found it unwell; None before the first."""
        result = self._results.get(name)
        return None if result is None else not result.finding.ok

    def report(self) -> dict[str, Any]:
        """Ready for JSON: "ready", "degraded" (what is not required is unwell) or "unready", and each check."""
        checks = {name: self._told(check) for name, check in self._checks.items()}
        unwell = [told for told in checks.values() if not told["ok"]]
        unready = any(told["required"] for told in unwell)
        return {"status": "unready" if unready else "degraded" if unwell else "ready", "checks": checks}

    def _told(self, check: Check) -> dict[str, Any]:
        result = self._results.get(check.name)
        if result is None:
            told = {"ok": False, "what": "Not looked at yet.", "todo": "Wait a moment.", "age": None, "stale": False}
        else:
            age = self._clock() - result.at
            stale = age > STALE_AFTER * check.every + check.limit
            finding = result.finding
            if stale:
                what = f"Not looked at for {age:.0f} s. Then: {finding.what}"
                finding = Finding(False, what, "See whether the bot hangs: /livez.")
            told = {"ok": finding.ok, "what": finding.what, "todo": finding.todo, "age": round(age, 1), "stale": stale}
        return {**told, "required": check.required}

    async def _repeat(self, check: Check) -> None:
        while True:
            await self.look(check.name)
            await asyncio.sleep(check.every)
