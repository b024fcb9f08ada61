"""What is asked on the way to a request to the shop: which item, what is the matter, whether to send it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.cues import cue
from bot.draft import Draft, Effect
from bot.errands.orders.own import Item, order_target
from bot.errands.orders.told import ASKED, HUMAN, REQUESTS
from bot.reply import ErrandAct, Line, Option
from bot.understanding.screen import SCREEN
from storage.orders import Order
from storage.records import Need, SlotName
from storage.shop import Shop
from storage.tickets import TicketKind
from storage.variants import known, there_in

CONFIRM, REASON, SENT = f"{REQUESTS}/confirm", f"{REQUESTS}/reason", f"{REQUESTS}/{SCREEN}"
SEND = "send_"
"""Begins the keys of the buttons that send."""
_ITEMS = 8


class Matter(StrEnum):
    """What is the matter: the first five of an item that goes back, the others of an order that has not left."""

    SMALL = "small"
    BIG = "big"
    BROKEN = "broken"
    WRONG = "wrong"
    MIND = "mind"
    NEWER = "newer"  # broken, and the same again is wanted
    LARGER = "larger"  # too small, and the next size is wanted
    SMALLER = "smaller"
    CANCEL = "cancel"
    ADDRESS = "address"
    OTHER = "other"

    @property
    def kind(self) -> TicketKind:
        """The queue's word for it."""
        return TicketKind.RETURN if self in RETURNED else TicketKind.CHANGE


RETURNED = (Matter.SMALL, Matter.BIG, Matter.BROKEN, Matter.WRONG, Matter.MIND)
CHANGED = (Matter.CANCEL, Matter.ADDRESS, Matter.OTHER)
_STEPS = {Matter.SMALL: 1, Matter.LARGER: 1, Matter.BIG: -1, Matter.SMALLER: -1}
_SWAPS = {Matter.SMALL: Matter.LARGER, Matter.BIG: Matter.SMALLER}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request is about: an item, or an order, or neither, where none is linked. `target` is its number in
    buttons.
    """

    item: Item | None = None
    order: Order | None = None

    @property
    def target(self) -> int:
        return self.item.target if self.item else order_target(self.order) if self.order else 0

    @property
    def number(self) -> str:
        """Of the order, "" where none is known."""
        order = self.item.order if self.item else self.order
        return order.number if order else ""

    @property
    def line(self) -> Line:
        """It in words."""
        if self.item:
            facts = {"title": self.item.line.title, "number": self.number}
            variant = self.item.line.variant
            return Line("request-item-of", {**facts, "variant": variant}) if variant else Line("request-item", facts)
        return Line("request-order", {"number": self.number}) if self.order else Line("request-unlinked")


def which(items: Sequence[Item], need: Need) -> Draft:
    """Which of the items it is about."""
    options = tuple(
        Option(
            Line("button-request-item", {"title": item.line.title}),
            does=ErrandAct(REQUESTS, "item", item.target),
            row=at,
        )
        for at, item in enumerate(items[:_ITEMS], start=1)
    )
    return Draft(need=replace(need, asked=None), lines=(Line("request-which"),), options=options)


ALONE = Option(Line("button-request-alone"), does=ErrandAct(REQUESTS, "return"), row=1)
"""On with a return of which no order is linked."""


def without_number(need: Need) -> Draft:
    """How a return goes on for who has no number and no code: without one, or with what turns up."""
    return Draft(need=replace(need, asked=ASKED), lines=(Line("request-no-number"),), options=(ALONE, HUMAN))


def said_matter(text: str, of: Sequence[Matter]) -> Matter | None:
    """What a message says is the matter, in a few sure words (bot/cues); None where it says none, or several."""
    found = [matter for matter in of if matter is not Matter.OTHER and cue(f"matter-{matter}").search(text)]
    return found[0] if len(found) == 1 else None


def what(subject: Subject, need: Need) -> Draft:
    """What is the matter with it; what has no sizes is not asked about them."""
    matters: tuple[Matter, ...] = CHANGED if subject.order else RETURNED
    if subject.item and not (subject.item.line.variant or (subject.item.product and subject.item.product.sizes)):
        matters = tuple(each for each in RETURNED if each not in _SWAPS)
    options = tuple(
        Option(Line(f"request-{matter}"), does=ErrandAct(REQUESTS, matter.value, subject.target)) for matter in matters
    )
    lines = (Line("request-change" if subject.order else "request-what", {"subject": subject.line}),)
    return Draft(need=replace(need, asked=REASON), lines=lines, options=options)


def whether(subject: Subject, matter: Matter, need: Need) -> Draft:
    """Whether to send it; with what may serve the shopper better."""
    lines = [Line("request-confirm", {"subject": subject.line, "matter": Line(f"request-{matter}")})]
    options = [_send(subject, matter)]
    product = subject.item.product if subject.item else None
    sold = bool(product and product.available and product.stock != 0)
    if subject.item and sold and matter in _SWAPS and (size := other_size(subject.item, matter)):
        lines.append(Line("request-size-there", {"size": size}))
        options.append(_act(f"{SEND}{_SWAPS[matter]}", subject, "button-request-swap", size=size))
    elif sold and matter is Matter.BROKEN:
        lines.append(Line("request-same-there"))
        options.append(_act(f"{SEND}newer", subject, "button-request-newer"))
    if product and matter in RETURNED:
        options.append(_act("similar", subject, "button-request-similar"))
    options.append(Option(Line("button-request-drop"), does=ErrandAct(REQUESTS, "drop"), row=8))
    return Draft(need=replace(need, asked=CONFIRM), lines=tuple(lines), options=tuple(options))


def other_size(item: Item, matter: Matter) -> str:
    """The size next to what was bought, the larger where it is too small; "" where there is none, or it is unknown."""
    step, product = _STEPS.get(matter), item.product
    if step is None or product is None:
        return ""
    sizes = known(product, SlotName.SIZE) or product.sizes
    parts = [part.strip().casefold() for part in item.line.variant.replace("/", ",").split(",")]
    bought = next((at for at, size in enumerate(sizes) if size.casefold() in parts), None)
    if bought is None or not 0 <= bought + step < len(sizes):
        return ""
    color = next((each for each in known(product, SlotName.COLOR) if each.casefold() in parts), "")
    return sizes[bought + step] if sizes[bought + step] in there_in(product, SlotName.SIZE, color=color) else ""


def sent(need: Need, matter: Matter, photos: int) -> Draft:
    """It is with the shop's people, with the photos that came before; nothing more has happened. What is wrong with a
    thing may be seen on more of them.
    """
    lines = [Line("request-sent")]
    if photos:
        lines.append(Line("request-photos-along", {"count": photos}))
    elif matter not in CHANGED:
        lines.append(Line("request-photo-may"))
    return Draft(need=replace(need, asked=SENT), lines=tuple(lines), options=(HUMAN,))


def dropped(need: Need, user_id: int) -> Draft:
    """Nothing was sent."""
    back = Option(Line("orders-all"), does=ErrandAct("orders", "list"))
    lines = (Line("request-dropped"),)
    return Draft(need=replace(need, asked=None), lines=lines, options=(back, HUMAN), effect=_let_go(user_id))


def _let_go(user_id: int) -> Effect:
    def do(shop: Shop) -> None:
        shop.case_files.let_go(user_id)

    return do


def _send(subject: Subject, matter: Matter) -> Option:
    return _act(f"{SEND}{matter}", subject, "button-request-send")


def _act(key: str, subject: Subject, code: str, **facts: object) -> Option:
    return Option(Line(code, facts), does=ErrandAct(REQUESTS, key, subject.target), row=1)
