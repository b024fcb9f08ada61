"""A case as its page shows it: what was said, by whom, and what is known of the shopper. From the records alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.console.case_files import Shown, shown
from bot.console.case_summary import orders_beside, tried
from bot.console.visit import Visit
from bot.errands.cart.positions import positions_of
from bot.errands.cart.view import cart_lines
from bot.handoff import unreadable_kind
from bot.privacy.finding import find_personal
from bot.privacy.kinds import Personal
from bot.privacy.plain import MASK
from bot.reply import Line
from bot.reply_json import load_reply
from bot.stumbling import stumbled
from bot.summary import what
from bot.upkeep.beliefs import shared_prior
from recommender.bandit import posterior
from storage.case_files import CaseFile
from storage.case_talk import Author, CaseMessage
from storage.cases import Case
from storage.conversations import Conversation
from storage.records import Need, Product, Reaction, Slot, SlotName
from storage.shop import Shop
from storage.tickets import Ticket
from storage.transcripts import TurnRecord

_BEFORE = 8  # turns ahead of the case
_PAST = 8
_TASTES, _MATTERS = 4, 0.25
_LIKED = frozenset({Reaction.LIKE, Reaction.MORE_LIKE, Reaction.SAVE, Reaction.CART, Reaction.BUY})
_UNTOLD = frozenset({"bias"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the talk. `who` is "shopper", "bot", "staff" or "event"; `text` is in the words that were sent,
    `line` a sentence in the reader's language; `products` came as cards, `file` with it; `delivery` and `why` are as
    with the message.
    """

    who: str
    at: datetime
    text: str = ""
    line: Line | None = None
    name: str = ""
    products: tuple[Product, ...] = ()
    delivery: str = ""
    why: str = ""
    file: Shown | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the talk: all of it from the records."""

    needs: tuple[Line, ...]
    shown: tuple[Product, ...]
    orders: tuple[str, ...]
    misunderstood: tuple[str, ...]
    tastes: tuple[Line, ...]
    liked: tuple[Product, ...]
    disliked: tuple[Product, ...]
    past: tuple[Conversation, ...]
    cases: tuple[Case, ...]
    tickets: tuple[Ticket, ...]
    cart: tuple[Line, ...]
    linked: tuple[Line, ...]
    tried: tuple[Line, ...]


def talk_of(visit: Visit, case: Case) -> list[Entry]:
    """Everything that was said in a case."""
    shop = visit.desk.shop
    return [entry for message in shop.case_talk.of(case.id) for entry in _entries(visit, shop, message)]


def said_after(visit: Visit, case: Case) -> list[tuple[int, Entry]]:
    """What the transcript has no turns for, what staff said and what became of the case, each with the turn that it
    comes after. By the order of the case, not by the clock: Telegram tells whole seconds. Words that went with cards
    are a turn of their own.
    """
    shop, found = visit.desk.shop, list[tuple[int, Entry]]()
    last = case.turn_id or shop.transcripts.last_before(case.user_id, case.opened_at) or 0
    for message in shop.case_talk.of(case.id):
        if message.turn_id:
            last = message.turn_id
        else:
            found += [(last, entry) for entry in _entries(visit, shop, message)]
    return found


def before_of(visit: Visit, case: Case) -> list[Entry]:
    """The last turns ahead of the case."""
    shop = visit.desk.shop
    turns = shop.transcripts.history(case.user_id, 200)
    earlier = [turn for turn in turns if turn.turn.said_at < case.opened_at and turn.turn.id != case.turn_id]
    return [entry for turn in earlier[-_BEFORE:] for entry in _turn(visit, shop, turn)]


def beside_of(visit: Visit, case: Case) -> Beside:
    """What is known of the shopper."""
    shop, language = visit.desk.shop, visit.language
    turns = shop.transcripts.history(case.user_id, _BEFORE)
    need = shop.transcripts.latest_need(case.user_id) or Need()
    page = shop.transcripts.latest_page(case.user_id)
    events = shop.feedback.events(case.user_id, 60)
    found = shop.catalogue.get([*(event.product_id for event in events), need.like_product])
    anchor = found[need.like_product].title_in(language) if need.like_product in found else ""
    return Beside(
        needs=what(need, visit.desk.vocabulary(), language, anchor),
        shown=tuple(card.product for card in page.recommendations) if page else (),
        orders=orders_seen(visit, case) or tuple(MASK * len(order) for order in orders_said(turns)),
        misunderstood=tuple(_said(visit, shop, turn) for turn in turns if stumbled(turn.reply_json) and turn.turn.text),
        tastes=_tastes(shop, case.user_id, visit.desk.clock()),
        liked=_products(found, (event.product_id for event in events if event.reaction in _LIKED)),
        disliked=_products(found, (event.product_id for event in events if event.reaction is Reaction.DISLIKE)),
        past=shop.conversations.of_shopper(case.user_id, _PAST),
        cases=tuple(each for each in shop.cases.of(case.user_id) if each.id != case.id),
        tickets=tuple(shop.tickets.of(case.user_id)),
        cart=cart_lines(positions_of(shop, case.user_id), visit.desk.vocabulary(), language),
        linked=orders_beside(shop, case.user_id, visit, visit.sees(conversation_of(shop, case))),
        tried=tried(turns),
    )


def orders_said(turns: Iterable[TurnRecord]) -> tuple[str, ...]:
    """The numbers of orders that the shopper named, the newest first; another number of somebody's, a telephone's or a
    card's, is none, whatever it was taken for.
    """
    said = [
        slot.text
        for turn in turns
        if turn.understanding
        for slot in turn.understanding.slots
        if slot.name is SlotName.ORDER_ID and not _another(turn.turn.text, slot)
    ]
    return tuple(dict.fromkeys(reversed(said)))


def orders_seen(visit: Visit, case: Case) -> tuple[str, ...]:
    """Those numbers, where this session sees what is personal; they are masked otherwise."""
    shop = visit.desk.shop
    said = orders_said(shop.transcripts.history(case.user_id, _BEFORE))
    return said if visit.sees(conversation_of(shop, case)) else ()


def _another(text: str, slot: Slot) -> bool:
    return any(
        found.kind is not Personal.ORDER and found.start < slot.end and slot.start < found.end
        for found in find_personal(text)
    )


def conversation_of(shop: Shop, case: Case) -> int:
    """The conversation in which the case goes on, 0 where there is none."""
    return latest_conversation(shop, case.user_id)


def latest_conversation(shop: Shop, user_id: int) -> int:
    """The shopper's conversation that was last, 0 where there is none; what is revealed is revealed for it."""
    last = shop.conversations.of_shopper(user_id, 1)
    return last[0].id if last else 0


def _entries(visit: Visit, shop: Shop, message: CaseMessage) -> list[Entry]:
    match message.author:
        case Author.SHOPPER:
            turn = shop.transcripts.get(message.turn_id or 0)
            return _turn(visit, shop, turn) if turn else []
        case Author.STAFF:
            cards = shop.transcripts.page(message.turn_id) if message.turn_id else ()
            products = tuple(card.product for card in cards)
            return [
                Entry(
                    "staff",
                    message.at,
                    text=_by_staff(visit, shop, message),
                    name=message.name,
                    products=products,
                    delivery=message.delivery,
                    why=message.why,
                    file=_file(visit, shop.case_files.get(message.file_id) if message.file_id else None),
                )
            ]
        case Author.EVENT:
            line = Line(f"console-live-event-{message.event.replace('_', '-')}", message.facts)
            return [Entry("event", message.at, line=line, delivery=message.delivery, why=message.why)]


def _by_staff(visit: Visit, shop: Shop, message: CaseMessage) -> str:
    """What staff said, masked as what they answer to: who repeats a number has not made it less personal."""
    if not message.text:
        return ""
    case = shop.cases.get(message.case_id)
    return visit.masked(message.text, conversation_of(shop, case) if case else 0)


def _file(visit: Visit, found: CaseFile | None) -> Shown | None:
    return shown(visit, found) if found else None


def _turn(visit: Visit, shop: Shop, turn: TurnRecord) -> list[Entry]:
    """What the shopper said or tapped, and what the bot answered, if it did."""
    said = turn.turn
    action, kind = said.source.removeprefix("button:"), unreadable_kind(said)
    file = _file(visit, shop.case_files.of_turn(said.id))
    if said.source == "staff":
        return []
    if kind:
        line = Line("console-live-sent-file" if file else "console-live-sent-kind", {"kind": kind})
        first = Entry("shopper", said.said_at, line=line, file=file)
    elif action != said.source and not said.text:
        first = Entry("shopper", said.said_at, line=Line("console-live-tapped", {"action": action}))
    else:
        first = Entry("shopper", said.said_at, text=_said(visit, shop, turn), file=file)
    return [first, *_answer(visit, shop, turn)]


def _answer(visit: Visit, shop: Shop, turn: TurnRecord) -> list[Entry]:
    if not turn.reply_json or turn.answered_at is None:
        return []
    cards = shop.transcripts.page(turn.turn.id)
    reply = load_reply(turn.turn.id, turn.reply_json, cards)
    if reply.silent:
        return []
    words = "\n".join(visit.desk.wording.say(line, reply.language) for line in reply.lines)
    return [Entry("bot", turn.answered_at, text=words, products=tuple(card.product for card in cards))]


def _said(visit: Visit, shop: Shop, turn: TurnRecord) -> str:
    return visit.masked(turn.turn.text, shop.conversations.of_turn(turn.turn.id) or 0)


def _tastes(shop: Shop, user_id: int, now: datetime) -> tuple[Line, ...]:
    """What the ranking has learned to weigh more, or less, for this shopper than for everybody: the strongest first."""
    taste = shop.tastes.get(user_id)
    shared = shared_prior(shop)
    if taste is None or taste.prior != shared.version:
        return ()
    held, common = posterior(taste, now, shared).mean, posterior(None, now, shared).mean
    spread = shared.covariance.diagonal() ** 0.5
    moved = [
        (float((held[at] - common[at]) / spread[at]), name)
        for at, name in enumerate(shared.features)
        if name not in _UNTOLD and spread[at] > 0
    ]
    strongest = sorted((each for each in moved if abs(each[0]) >= _MATTERS), key=lambda each: -abs(each[0]))
    return tuple(
        Line("console-taste", {"feature": name.replace("_", "-"), "way": "more" if size > 0 else "less"})
        for size, name in strongest[:_TASTES]
    )


def _products(found: dict[str, Product], ids: Iterable[str]) -> tuple[Product, ...]:
    newest_first: Sequence[str] = list(dict.fromkeys(reversed(list(ids))))
    return tuple(found[product_id] for product_id in newest_first if product_id in found)[:5]
