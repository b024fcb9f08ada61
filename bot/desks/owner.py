"""What the owner's commands write: straight into the database, or through the bot that runs on it.

    with OwnerDesk(settings.data) as desk:
        desk.add_events(batch)

The bot alone writes its database while it runs; `owner_requests` is its side of the talk (bot/desks/control.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.desks.control import Serve
from bot.desks.desk import Desk
from storage import instants
from storage.records import Act, Behaviour, Deed, Rule
from storage.shop import Shop

if TYPE_CHECKING:
    from bot.wiring import House

ADD_RULES, REMOVE_RULES = "add rules", "remove rules"
EVENTS = "events"
FORGET = "forget visitor"
BATCH = 2_000
"""Events of one request."""


class OwnerDesk(Desk):
    """Writes for the owner; use as a context manager."""

    def add_events(self, batch: Sequence[Behaviour]) -> int:
        """How many of the batch were new."""
        if self._bot:
            return int(self._bot.ask(EVENTS, events=[_plain(each) for each in batch])["added"])
        assert self._shop is not None
        return self._shop.behaviour.add(batch)

    def forget_visitor(self, visitor: str) -> int:
        """Removes the events of one visitor (a keyed hash); how many there were."""
        if self._bot:
            return int(self._bot.ask(FORGET, visitor=visitor)["gone"])
        assert self._shop is not None
        return self._shop.behaviour.forget(visitor)

    def add_rules(self, rules: Sequence[Rule]) -> list[int | None]:
        """The ids of the rules, None for one that was there already. Raises RuleError before anything is written."""
        if self._bot:
            found: list[int | None] = self._bot.ask(ADD_RULES, rules=[plain_rule(rule) for rule in rules])["ids"]
            return found
        assert self._shop is not None
        return _added(self._shop, rules)

    def remove_rules(self, ids: Iterable[int]) -> int:
        """How many of the rules there were."""
        if self._bot:
            return int(self._bot.ask(REMOVE_RULES, ids=list(ids))["gone"])
        assert self._shop is not None
        return len(self._shop.merchandising.remove(ids))


def _added(shop: Shop, rules: Sequence[Rule]) -> list[int | None]:
    with shop.atomic():
        return [shop.merchandising.add(rule) for rule in rules]


def owner_requests(house: House) -> Mapping[str, Serve]:
    """What the running bot does for the owner's commands, by the name of the request."""

    async def events(header: dict[str, Any]) -> dict[str, Any]:
        batch = [_behaviour(each) for each in header["events"]]
        return {"added": await house.database.run(lambda shop: shop.behaviour.add(batch))}

    async def forget(header: dict[str, Any]) -> dict[str, Any]:
        return {"gone": await house.database.run(lambda shop: shop.behaviour.forget(str(header["visitor"])))}

    async def add_rules(header: dict[str, Any]) -> dict[str, Any]:
        rules = [rule_of(each) for each in header["rules"]]
        ids = await house.database.run(lambda shop: _added(shop, rules))
        house.catalogue_changed()  # a synonym is a word of the shop
        return {"ids": ids}

    async def remove_rules(header: dict[str, Any]) -> dict[str, Any]:
        gone = await house.database.run(lambda shop: shop.merchandising.remove(map(int, header["ids"])))
        house.catalogue_changed()
        return {"gone": len(gone)}

    return {EVENTS: events, FORGET: forget, ADD_RULES: add_rules, REMOVE_RULES: remove_rules}


def plain_rule(rule: Rule) -> dict[str, Any]:
    """The rule as plain JSON values, without its id."""
    found = {name: getattr(rule, name) for name in Rule.__slots__ if name != "id"}
    dates = {name: instants.to_text(found[name]) if found[name] else None for name in ("begins", "ends")}
    return {**found, **dates, "act": rule.act.value}


def rule_of(plain: Mapping[str, Any]) -> Rule:
    """What `plain_rule` made. Raises KeyError, TypeError or ValueError for anything else."""
    begins, ends = (instants.from_text(plain[name]) if plain[name] else None for name in ("begins", "ends"))
    return Rule(**{**plain, "act": Act(plain["act"]), "begins": begins, "ends": ends})


def _plain(event: Behaviour) -> list[str]:
    return [event.visitor, event.product_id, event.kind.value, instants.to_text(event.at)]


def _behaviour(plain: Sequence[str]) -> Behaviour:
    visitor, product_id, kind, at = plain
    return Behaviour(visitor, product_id, Deed(kind), instants.from_text(at))
