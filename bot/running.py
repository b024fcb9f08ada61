"""A bot that runs: the house behind the Telegram door, with everything that goes on beside the talk.

Used by `shopbot run` and by the tests, which stop and start it like a shop owner does.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bot.calendar import calendar_requests
from bot.desks.case_requests import case_requests
from bot.desks.control import ControlServer
from bot.desks.order_desk import order_requests
from bot.desks.owner import owner_requests
from bot.desks.policy_desk import policy_requests
from bot.desks.prior_desk import prior_requests
from bot.erasing import erasing_requests, resume
from bot.forgetting import forgetter
from bot.health.health import HEALTH, Health
from bot.health.notify import READY, STOPPING, notify, show_life
from bot.health.work import shopper_name
from bot.redaction import hide_keys
from bot.sense.hearing import Hearing
from bot.settings import Settings
from bot.shop_pictures import ShopPictures
from bot.threads.hanging import WornOutError
from bot.upkeep.backups import mirror_erasures, rotation_of
from bot.upkeep.heating import Heating
from bot.upkeep.looking import Looking
from bot.upkeep.nightly import Nightly
from bot.upkeep.noticing import Noticing
from bot.upkeep.pairing import Pairing
from bot.upkeep.reloading import Reloading
from bot.upkeep.retention import retention_requests
from bot.upkeep.waiting_cases import WaitingCases
from bot.window import ShopWindow
from bot.wiring import House, open_house
from bot.wording import Wording
from storage.catalogue import Changes
from storage.demo_shop import withdraw_demo
from storage.records import Product

if TYPE_CHECKING:
    from bot.telegram.door import Door, Habits
    from bot.telegram.webhook import Address

log = logging.getLogger(__name__)


class RunningBot:
    """One bot on one data folder.

    Args:
        token, api_base: of Telegram, or of the local Bot API.
    """

    def __init__(self, settings: Settings, token: str, api_base: str, *, progress: bool = True) -> None:
        self._settings, self._token, self._api_base, self._progress = settings, token, api_base, progress
        self._stop = asyncio.Event()
        self._listed = partial(mirror_erasures, settings.data, settings.backups)
        self.house: House | None = None
        self.door: Door | None = None
        self.health = self._health()

    async def run(self, ready: asyncio.Event | None = None) -> None:
        """Opens the house, answers until `stop()`, drains, closes. Raises WornOutError where it ended by itself, since
        too many threads hang.
        """
        # aiogram's types take as long to import as the models to load: side by side, a start is seconds shorter.
        importing = asyncio.create_task(asyncio.to_thread(import_module, "bot.telegram.door"))
        async with AsyncExitStack() as stack:
            self.health.serve()
            stack.push_async_callback(self.health.close)
            self.house = house = await open_house(self._settings, progress=self._progress)
            stack.push_async_callback(house.close)
            shopper_name.use(self._settings.data)
            if self._stop.is_set():  # told to end while it began: nothing was taken from Telegram yet
                await importing
                return
            control = self._control(house)
            await control.start()
            stack.push_async_callback(control.stop)
            beside = [asyncio.create_task(work) for work in self._beside(house)]
            stack.push_async_callback(_end, beside)
            await importing
            self.door = door = self._door(house)
            watching = self.health.watch(house, lambda: door.contact.last_success, door.load, door.tell)
            living = asyncio.create_task(show_life(lambda: door.contact.alive))
            stack.push_async_callback(_end, [living, asyncio.create_task(watching)])
            wearing = asyncio.create_task(self._end_if_worn_out(house))
            stack.push_async_callback(_end, [wearing])
            await door.run(self._stop, lambda: _opened(ready))
            await house.assistant.afterwards.settle(limit=20)
        if house.hanging.why:
            raise WornOutError(f"{house.hanging.why}: the bot is to be started again, and nothing is lost.")

    async def _end_if_worn_out(self, house: House) -> None:
        await house.hanging.too_many.wait()
        log.error("%s; the bot ends in good order, to be started again.", house.hanging.why)
        self.stop()

    def stop(self) -> None:
        """Ends `run` in good order."""
        notify(STOPPING)
        self.health.stopping()
        self._stop.set()

    def _health(self) -> Health:
        return Health(self._settings)

    def _door(self, house: House) -> Door:
        from bot.telegram.door import Door, build_bot
        from bot.telegram.pictures import Pictures

        settings = self._settings
        return Door(
            build_bot(self._token, self._api_base),
            house.assistant,
            house.database,
            Wording(house.words),
            Pictures(settings.data, _demo_picture),
            settings.exchange,
            self._habits(),
            house.outbox_changed,
            forgetter(settings.data, house.database, self._listed),
            ShopWindow(house.understander, house.search, house.words, settings.exchange, house.clock),
            Hearing(settings.voice_command),
            house.overload,
            house.look,
        )

    def _habits(self) -> Habits:
        from bot.telegram.door import Habits
        from bot.telegram.flow import Pace
        from bot.telegram.intake import Caps

        settings = self._settings
        token = self._settings.payment_provider_token
        provider_token = token.get_secret_value() if token else ""
        return Habits(
            drain_timeout=self._settings.drain_timeout,
            webhook=self._webhook(),
            provider_token=provider_token,
            file_limit=self._settings.file_limit,
            backup_days=rotation_of(settings).longest.days,
            pace=Pace(
                chat_per_second=settings.chat_per_second,
                chat_burst=settings.chat_burst,
                group_per_minute=settings.group_per_minute,
                all_per_second=settings.all_per_second,
                strict=settings.strict_pace,
            ),
            caps=Caps(
                shopper_per_minute=settings.shopper_per_minute,
                queue=settings.queue_limit,
                refuse_after=settings.refuse_after,
            ),
        )

    def _webhook(self) -> Address | None:
        from bot.telegram.webhook import Address
        from bot.telegram.webhook_secret import kept_secret

        settings = self._settings
        if not settings.webhook_url:
            return None
        secret = settings.webhook_secret.get_secret_value() or kept_secret(settings.data)
        hide_keys([secret])
        return Address(
            url=settings.webhook_url,
            secret=secret,
            host=settings.webhook_host,
            port=settings.webhook_port,
            connections=settings.webhook_connections,
        )

    def _control(self, house: House) -> ControlServer:
        async def upsert(products: list[Product]) -> Changes:
            changes = await house.database.run(lambda shop: shop.catalogue.upsert(products))
            return _told(house, changes)

        async def retain(ids: set[str]) -> Changes:
            return _told(house, await house.database.run(lambda shop: shop.catalogue.retain(ids)))

        async def without_demo() -> int:
            gone = await house.database.run(withdraw_demo)
            house.catalogue_changed()
            return gone

        async def note(state: dict[str, Any]) -> None:
            await house.database.run(lambda shop: shop.feeds.note(**state))

        async def health(_: dict[str, Any]) -> dict[str, Any]:
            return {**self.health.report(), "address": self.health.address}

        others = {
            HEALTH: health,
            **owner_requests(house),
            **erasing_requests(house.database, self._listed),
            **retention_requests(house),
            **case_requests(house),
            **calendar_requests(house.database, house.calendar),
            **prior_requests(house),
            **policy_requests(house),
            **order_requests(house),
        }
        return ControlServer(self._settings.data, upsert, retain, without_demo, note, others)

    def _beside(self, house: House) -> list[Any]:
        return [
            house.keep_current(),
            house.warm(),
            house.assistant.afterwards.run(),
            Reloading(house).run(),
            Heating(house).run(),
            Pairing(house).run(),
            WaitingCases(house).run(),
            Nightly(house).run(),
            resume(house.database, self._listed),
            Noticing(house).run(),
            Looking(house.look, ShopPictures(self._settings.data, _demo_picture), house.overload).run(),
        ]


def _opened(ready: asyncio.Event | None) -> None:
    if ready:
        ready.set()
    notify(READY)


def _demo_picture(product: Product) -> bytes:
    """Drawn at first need: Pillow is imported for the demo shop only."""
    from storage.demo.pictures import picture

    return picture(product)


def _told(house: House, changes: Changes) -> Changes:
    if changes.any:
        house.catalogue_changed()
    return changes


async def _end(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
