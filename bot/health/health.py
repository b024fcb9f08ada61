"""The health of a running bot in one place: its pulse, its checks, its alerts, and the server that tells of them.

health = Health(settings)
health.serve()                          # /livez answers from the first second, /readyz says that it is starting
await health.watch(house, ...)          # until cancelled
health.close()
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from bot.health import figures
from bot.health.checks import Checks
from bot.health.looks import Contact, Looks
from bot.health.readings import Clock, Readings
from bot.health.server import HealthServer
from bot.health.watching import LOOK_S, Tell, Watch
from bot.settings import Settings
from bot.wording import Wording

if TYPE_CHECKING:
    from bot.wiring import House

HEALTH = "health"
"""The request at the control socket that is answered as /readyz is."""
_BEAT_S = 1.0
_log = logging.getLogger(__name__)


class Health:
    """One for each running bot.

    Args:
        clock: seconds since 1970, of the alerts.
        look: seconds between two looks at them.
    """

    def __init__(self, settings: Settings, clock: Clock = time.time, look: float = LOOK_S) -> None:
        self._clock, self._look = clock, look
        self._beat = time.monotonic()
        self._checks: Checks | None = None
        self._phase = "starting"
        self._beating: asyncio.Task[None] | None = None
        self._server = HealthServer(settings.health_host, settings.health_port, self._age, self.report)
        self.alerts: Watch | None = None

    @property
    def address(self) -> str:
        """Where it is told, such as http://127.0.0.1:8082."""
        return self._server.address

    def serve(self) -> None:
        """Begins to tell, and the pulse. Raises OSError where `health_host` is none of this machine's."""
        self._beating = asyncio.create_task(self._pulse())
        self._server.start()

    async def watch(
        self,
        house: House,
        contact: Contact,
        load: Callable[[], tuple[int, int, datetime | None]],
        tell: Tell,
    ) -> None:
        """Looks after the bot until cancelled.

        Args:
            contact: when updates last came from Telegram.
            load: shoppers being served, updates waiting, and since when the oldest of these.
            tell: writes to a chat.
        """
        looks = Looks(house, contact)
        self._checks = checks = Checks(looks.checks())
        readings = Readings(house, checks, contact, lambda: load()[2], self._clock)
        self.alerts = Watch(house, readings, tell, Wording(house.words), self._clock, self._look)
        self._phase = ""
        await asyncio.gather(
            _lasting("The checks", checks.run()),
            _lasting("The alerts", self.alerts.run()),
            _lasting("The measuring", self._measure(house, load)),
        )

    def report(self) -> dict[str, Any]:
        """What /readyz says. May be called from any thread."""
        checks = self._checks
        if self._phase or checks is None:
            return {"status": self._phase or "starting", "checks": {}}
        return {**checks.report(), "alerts": list(self.alerts.holding) if self.alerts else []}

    def stopping(self) -> None:
        """From now on it is not ready."""
        self._phase = "stopping"

    async def close(self) -> None:
        """Ends the pulse and the server."""
        if self._beating:
            self._beating.cancel()
        await asyncio.to_thread(self._server.stop)

    def _age(self) -> float:
        return time.monotonic() - self._beat

    async def _pulse(self) -> None:
        while True:
            due = time.monotonic() + _BEAT_S
            await asyncio.sleep(_BEAT_S)
            self._beat = time.monotonic()
            figures.LOOP_LAG.set(max(0.0, self._beat - due))

    async def _measure(self, house: House, load: Callable[[], tuple[int, int, datetime | None]]) -> None:
        """Gauges that nobody counts up and down, each second."""
        while True:
            in_flight, waiting, oldest = load()
            figures.IN_FLIGHT.set(in_flight)
            figures.WAITING.set(waiting)
            age = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
            figures.OLDEST_WAITING.set(max(0.0, age))
            understander, search = await house.understander.ready(), await house.search.ready()
            figures.BUILD.info(
                {
                    "version": program_version(),
                    "understander": understander.version,
                    "index": search.index.version,
                }
            )
            await asyncio.sleep(_BEAT_S)


def program_version() -> str:
    """Of the installed package; "source" where it is run without having been installed."""
    try:
        return version("shopbot")
    except PackageNotFoundError:
        return "source"


async def _lasting(name: str, work: Coroutine[Any, Any, None]) -> None:
    """What ends by a mistake of ours takes nothing else with it."""
    try:
        await work
    except Exception:
        _log.exception("%s of the bot's health ended", name)
