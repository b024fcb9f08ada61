"""The simulated Telegram: one store in its own thread, the feed of events, faults, and the two ways to the bot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bot.simulator.arguments import Arguments
from bot.simulator.calls import Call
from bot.simulator.clock import Clock
from bot.simulator.errors import ApiError, method_not_found
from bot.simulator.faults import Fault, Faults
from bot.simulator.feed import Feed
from bot.simulator.flood import Flood
from bot.simulator.methods import METHODS, NAMES
from bot.simulator.polling import Polling
from bot.simulator.pushing import Pushing
from bot.simulator.store import Store
from bot.workers import Worker

R = TypeVar("R")
log = logging.getLogger(__name__)
_LONGEST = 2000  # characters of an argument that are kept in the record of a call


class Simulator:
    """Everything behind the HTTP routes; tests in the same process may call it directly.

    Args:
        path: the database file; chats, waiting updates and files in it are taken up again.
    """

    def __init__(self, path: Path, *, bot_name: str = "Shop assistant", bot_username: str = "shop_bot") -> None:
        self.clock = Clock()
        self.feed = Feed()
        self.faults = Faults()
        self.flood: Flood | None = None
        self.polling = Polling(self.act)
        self.pushing = Pushing(self.act, self.faults)
        self._worker = Worker("simulator", lambda: Store(path, self.clock, bot_name, bot_username))

    async def act(self, function: Callable[[Store], R]) -> R:
        """Runs a function of the store in one transaction and tells the watchers what it did."""
        result, events = await self._worker.run(lambda store: store.act(function))
        for event in events:
            if event["kind"] == "update":
                self.polling.wake()
                self.pushing.wake()
            self.feed.publish(event)
        return result

    async def call(self, method: str, arguments: Arguments, faults: dict[str, Fault]) -> Any:
        """One call of the Bot API: its result, or an ApiError. All are recorded but polls that succeed."""
        started = self.clock.now()
        name = NAMES.get(method.lower(), method)
        try:
            if "status" in faults:
                fault = faults["status"]
                raise ApiError(fault.code, fault.text, retry_after=fault.retry_after)
            self._refuse_flood(name, arguments)
            if method.lower() == "getupdates":
                if not self.polling.polls:
                    self.feed.publish({"kind": "listening", "chat_id": 0})
                return await self.polling.get_updates(arguments, duplicate="duplicate" in faults)
            result = await self.act(lambda store: _perform(store, name, arguments, started))
            if name in ("setWebhook", "deleteWebhook"):
                await self._turn_to_webhook()
            return result
        except ApiError as error:
            refused = error
            await self.act(lambda store: _record(store, name, arguments, None, started, refused))
            raise

    async def listening(self) -> bool:
        """Whether the bot takes updates, one way or the other."""
        return self.polling.polls > 0 or bool((await self.act(lambda store: store.webhook.get())).url)

    async def _turn_to_webhook(self) -> None:
        self.pushing.forget()
        if (await self.act(lambda store: store.webhook.get())).url:
            self.polling.end()
            self.feed.publish({"kind": "listening", "chat_id": 0})

    def _refuse_flood(self, name: str, arguments: Arguments) -> None:
        if self.flood is None:
            return
        media = arguments.json("media", "can't parse media JSON object")
        messages = max(1, len(media)) if isinstance(media, list) else 1
        pause = self.flood.pause(name, arguments.integer("chat_id") or None, self.clock.now(), messages)
        if pause:
            raise ApiError(429, f"Too Many Requests: retry after {pause}", retry_after=pause)

    async def calls(self, method: str = "", chat_id: int | None = None, since: float = 0.0) -> list[Call]:
        """The recorded calls in order."""
        return await self.act(lambda store: store.calls.find(method=method, chat_id=chat_id, since=since))

    async def alarms(self) -> list[str]:
        """Names of methods that were called and are not served: a test asserts that there are none."""
        unknown = method_not_found().description
        return [call.method for call in await self.calls() if call.description == unknown]

    def begin(self) -> None:
        """Takes up deliveries to a webhook; call it inside the running loop."""
        self.pushing.begin()

    def release(self) -> None:
        """Lets waiting polls and watchers go, so that the server can stop."""
        self.polling.close()
        self.feed.close()

    def close(self) -> None:
        self.release()
        self._worker.close()


def _perform(store: Store, name: str, arguments: Arguments, started: float) -> Any:
    """The effect and its record in one transaction: what is recorded as accepted was accepted."""
    method = METHODS.get(name.lower())
    if method is None:
        raise method_not_found()
    result = method(store, arguments)
    _record(store, name, arguments, result, started, None)
    return result


def _record(store: Store, name: str, arguments: Arguments, result: Any, started: float, error: ApiError | None) -> None:
    chat_id = arguments.integer("chat_id") or None
    person = None if chat_id is None else store.chats.person(chat_id)
    message_id = result.get("message_id") if isinstance(result, dict) else arguments.integer("message_id")
    store.calls.add(
        Call(
            method=name,
            chat_id=chat_id,
            message_id=message_id or None,
            after_update=person.last_update_id if person else None,
            text=arguments.text("text") or arguments.text("caption"),
            code=error.code if error else 200,
            description=error.description if error else "",
            at=started,
            seconds=max(0.0, store.clock.now() - started),
            arguments={key: arguments.text(key)[:_LONGEST] for key in arguments.values},
        )
    )
