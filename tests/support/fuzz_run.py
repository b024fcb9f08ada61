"""A bot that is fed updates made by a fuzzer, and what must hold all the while.

Two shoppers have a life in the shop (tests/support/lived_in.py) and say nothing; others send whatever the fuzzer makes,
forged buttons with the two's numbers among it. Nothing of the two may be shown to anybody or change.
"""

import asyncio
import json
import random
import time
from dataclasses import dataclass, field

from bot.simulator import acts
from storage import personal
from storage.shop import Shop
from tests.support.every_button import forged
from tests.support.fuzzing import Fuzzer
from tests.support.lived_in import number_of, secret_of, settle

_NUMBERED = ("turns", "impressions", "cases", "orders", "saved", "cart_lines", "preferences", "tickets")
_ALIVE_S = 1e6


@dataclass
class Found:
    """What was seen in a run."""

    sent: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    incidents: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    stuck: int = 0
    malformed: int = 0
    unanswered: list[int] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    integrity: str = ""
    calls: int = 0


class FuzzRun:
    """One run on one folder. `settle_in(users)` writes the two shoppers' lives before the first update."""

    def __init__(self, api, folder, seed, people):
        self._api, self._folder, self._rng = api, folder, random.Random(seed)
        self._count, self.found = people, Found()
        self.victims, self.people, self._before = [], [], {}

    async def join(self):
        """The two, and who sends: known to the local Bot API."""
        names = [("Wei", "zh"), ("Vera", "en"), *((f"Fuzz {n}", "en") for n in range(self._count))]
        ids = [await self._joined(name, code) for name, code in names]
        self.victims, self.people = ids[:2], ids[2:]
        self._fuzzer = Fuzzer(self._rng, self.people, now=time.time())

    async def _joined(self, name, code):
        return await self._api.simulator.act(lambda store: _known(store, name, code))

    def settle_in(self, shop):
        """The lives of the two, by whoever may write."""
        for user, language in zip(self.victims, ("zh", "en"), strict=True):
            settle(shop, user, language)

    def remember(self):
        """What is held about the two before anything is sent."""
        with _Reading(self._folder) as shop:
            self._before = {user: _held(shop, user) for user in self.victims}

    async def feed(self, many, patience=120.0):
        """So many updates, worked to their end; true where nothing was left waiting."""
        self._fuzzer.buttons = self._buttons()
        self._fuzzer.now = time.time()
        await self._api.simulator.act(lambda store: self._push(store, many))
        self.found.sent += many
        settled = await self._settled(patience)
        await self._look()
        return settled

    def _push(self, store, many):
        """Straight into the queue, whatever kinds the bot asked for; the last is whole, so that the queue moves on."""
        rows = store.updates._database
        for at in range(many):
            number = int(store.updates._fact("next_update_id"))
            store.updates._set_fact("next_update_id", str(number + 1))
            made = self._fuzzer.update(number) if at < many - 1 else {"update_id": number, "poll": {}}
            row = {"update_id": number, "kind": "fuzz", "chat_id": None, "body": json.dumps(made)}
            rows.table("updates").insert({**row, "expires": time.time() + _ALIVE_S})
        store.tell("update", 0)

    def _buttons(self):
        """Every button, with numbers that exist: the two's, the newest, and numbers of nothing."""
        with _Reading(self._folder) as shop:
            newest = [
                shop.db.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0] for table in _NUMBERED
            ]
            owned = [number for user in self.victims for table in _NUMBERED for number in _numbers(shop, table, user)]
        numbers = [0, 2**63 - 1, *self._rng.sample(owned, min(4, len(owned)))]
        numbers += [max(0, top - self._rng.randint(0, 40)) for top in self._rng.sample(newest, 4)]
        orders = [f"s|1|{number_of(user)}" for user in self.victims]
        return [*orders, *(data for number in numbers for data in forged(self._folder, number))]

    async def _settled(self, patience):
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            if not await self._api.simulator.act(lambda store: store.updates.count()):
                with _Reading(self._folder) as shop:
                    waiting = shop.db.execute("SELECT count(*) FROM updates WHERE state = 'new'").fetchone()[0]
                if not waiting:
                    return True
            await asyncio.sleep(0.1)
        self.found.stuck += 1
        return False

    async def _look(self):
        """Reads what was said to whom, and makes room."""
        calls = await self._api.simulator.calls()
        self.found.calls += len(calls)
        for call in calls:
            said = call.text + json.dumps(dict(call.arguments), ensure_ascii=False)
            for user in self.victims:
                # Not the number of an order: who taps a forged one is told their own word back.
                if call.chat_id != user and secret_of(user) in said:
                    self.found.leaks.append(f"{call.method} to {call.chat_id}: {said[:300]}")
        await self._api.simulator.act(lambda store: store.calls.clear())

    async def answered_afterwards(self, patience=120.0):
        """Whoever sent all that, and the two, write like anybody: who is not answered."""
        everybody = [*self.people, *self.victims]
        for user in everybody:
            await self._api.simulator.act(lambda store, user=user: _speak(store, user))
        await self._settled(patience)
        calls = await self._api.simulator.calls("sendMessage")
        heard = {call.chat_id for call in calls if call.ok}
        self.found.unanswered = [user for user in everybody if user not in heard]

    def audit(self):
        """The books of the whole run."""
        with _Reading(self._folder) as shop:
            rows = shop.db.execute("SELECT outcome, count(*) FROM updates GROUP BY 1 ORDER BY 2 DESC").fetchall()
            self.found.outcomes = {
                str(outcome).split(" ")[0] if "incident" in str(outcome) else outcome: n for outcome, n in rows
            }
            self.found.incidents = [
                outcome for outcome, _ in rows if "incident" in str(outcome) or "attempts" in str(outcome)
            ]
            self.found.malformed = len(shop.inbox.malformed())
            self.found.integrity = shop.db.execute("PRAGMA integrity_check").fetchone()[0]
            for user in self.victims:
                now = _held(shop, user)
                self.found.changed += [f"{user}: {table}" for table in now if now[table] != self._before[user][table]]
        return self.found


def _known(store, name, code):
    """A shopper who has written before, so that the bot may write back."""
    person = acts.join(store, name, code)
    store.chats.wrote(person.id, 1)
    return person.id


def _speak(store, user):
    person = store.chats.person(user)
    if person.blocked:
        acts.block(store, user, False)
    acts.say(store, user, "/help")


def _held(shop, user):
    held = personal.export(shop, user)
    return {table: json.dumps(rows, sort_keys=True, default=str) for table, rows in held.items()}


def _numbers(shop, table, user):
    where = next(store.where for store in personal.STORES if store.table == table)
    return [n for (n,) in shop.db.execute(f"SELECT rowid FROM {table} WHERE {where}", {"user": user})]


class _Reading:
    def __init__(self, folder):
        self._folder = folder

    def __enter__(self):
        self._shop = Shop.open(self._folder, readonly=True)
        return self._shop

    def __exit__(self, *_):
        self._shop.close()
