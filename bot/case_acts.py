"""What staff do with a case: take it, speak in it, give it back, close it. Runs in the database's thread of the bot.

Each act is one commit with the message that tells the shopper. `key` names the act (a form's own number): the same act
asked for twice, by a double click or after a crash, is done once. What cannot be done raises `Refused`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.deep_link import staff_slate
from bot.learning import finish_turn
from bot.media import SENDABLE, media_of
from bot.plain import clean, one_line
from bot.reply import CASE_FILE, Action, Attachment, CaseAct, Line, Option, Reply
from bot.reply_json import dump_reply
from bot.spoken import spoken_language
from bot.telling import count_handoff, letter, tell
from storage.case_files import folder_of, read_file
from storage.cases import Case, CaseReason, CaseState, Outcome, Satisfaction
from storage.records import Language, Need, Product, Turn
from storage.shop import Shop

TEXT_LIMIT = 3_000
"""Code points of one message by staff."""
PRODUCTS_LIMIT = 5
STAFF = "staff"
"""The source of a turn that keeps the cards which staff sent."""
_NAME_LIMIT = 60
_PIECE = 800  # code points of one line: Fluent takes no longer fact
_RATINGS = {said: f"rate-{said.value}" for said in Satisfaction}


class Refused(Exception):  # noqa: N818
    """It cannot be done. `code` says why, with facts for the sentence."""

    def __init__(self, code: str, facts: Mapping[str, Any] = MappingProxyType({})) -> None:
        super().__init__(code)
        self.code, self.facts = code, dict(facts)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that staff send: the name under which it lies in the data folder, and what they call it."""

    name: str
    title: str = ""


def take(shop: Shop, case_id: int, staff: str, held_by: str, at: datetime, key: str) -> Case:
    """Makes `staff` the owner. Of a case that is held, `held_by` must name the owner that it is taken from."""
    name = name_of(staff)
    with shop.atomic():
        case = _open_case(shop, case_id)
        if case.state is CaseState.HELD and case.owner == name:
            return case
        if case.state is CaseState.HELD and case.owner != held_by:
            raise Refused("case-held", {"name": case.owner})
        shop.cases.take(case.id, name, at)
        facts = {"name": name, "from": case.owner}
        tell(shop, case, "taken", (Line("case-taken", {"name": name}),), at, facts=facts, key=f"taken:{case.id}:{key}")
        return _open_case(shop, case_id)


def take_over(shop: Shop, user_id: int, staff: str, at: datetime, key: str) -> Case:
    """Opens a case for a shopper who has not asked for it, and takes it; a waiting one is taken."""
    name = name_of(staff)
    with shop.atomic():
        history = shop.transcripts.history(user_id, 1)
        if not history:
            raise Refused("no-such-shopper")
        last = history[-1]
        language = last.need.language if last.need else last.turn.language
        case, new = shop.cases.open(user_id, last.turn.chat_id, language, CaseReason.STAFF, at)
        if not new:
            return take(shop, case.id, name, "", at, key)
        count_handoff(shop, last.turn.id)
        shop.cases.take(case.id, name, at)
        shop.case_talk.noted(case.id, "opened", at, {"reason": CaseReason.STAFF.value})
        facts = {"name": name, "from": ""}
        tell(shop, case, "taken", (Line("case-joined", {"name": name}),), at, facts=facts, key=f"taken:{case.id}:{key}")
        return _open_case(shop, case.id)


def say(
    shop: Shop,
    case_id: int,
    staff: str,
    text: str,
    product_ids: Sequence[str],
    at: datetime,
    key: str,
    picture: Picture | None = None,
) -> Case:
    """Says something in the name of the shop, with a picture, or with up to five products as cards under it."""
    name, said = name_of(staff), clean(text).strip()
    if not said and not product_ids and not picture:
        raise Refused("nothing-said")
    if len(said) > TEXT_LIMIT:
        raise Refused("said-too-long", {"most": TEXT_LIMIT})
    with shop.atomic():
        case = _own_case(shop, case_id, name)
        products = _products(shop, product_ids)
        language = spoken_language(shop, case.user_id, case.language)
        lines = _spoken(name, said, picture)
        body = letter(language, lines, attachments=_attached(picture))
        outbox_id = shop.outbox.put(
            f"said:{case.id}:{key}", case.chat_id, body, at, user_id=case.user_id, case_id=case.id
        )
        if outbox_id is None:
            return case
        file_id = _kept(shop, case, picture, outbox_id, at) if picture else None
        turn_id = _with_cards(shop, case, outbox_id, lines, products, language, at) if products else None
        shop.case_talk.said(case.id, name, said, at, outbox_id=outbox_id, turn_id=turn_id, file_id=file_id)
        return case


def end(shop: Shop, case_id: int, staff: str, outcome: Outcome, at: datetime, key: str) -> Case:
    """Ends a case: its owner gives it back or closes it, and the shopper is asked how it was; one that nobody has taken
    can be turned down.
    """
    name = name_of(staff)
    lines: tuple[Line, ...]
    options: tuple[Option, ...] = ()
    with shop.atomic():
        if outcome is Outcome.DECLINED:
            case = _open_case(shop, case_id)
            if case.state is CaseState.HELD:
                raise Refused("case-held", {"name": case.owner})
            lines = (Line("case-declined"),)
        else:
            case = _own_case(shop, case_id, name)
            lines, options = (Line(f"case-{outcome.value}", {"name": name}), Line("rate-ask")), _ratings(case)
        # Told first: what is told of a case goes by its language, which an open case knows.
        facts = {"name": name, "outcome": outcome.value}
        tell(shop, case, "ended", lines, at, facts=facts, options=options, key=f"ended:{case.id}:{key}")
        shop.cases.close(case.id, outcome, at)
        return case


def name_of(staff: str) -> str:
    """The name that the shopper sees. Raises Refused for an empty one."""
    name = one_line(staff, _NAME_LIMIT)
    if not name:
        raise Refused("no-name")
    return name


def _open_case(shop: Shop, case_id: int) -> Case:
    case = shop.cases.get(case_id)
    if case is None:
        raise Refused("case-gone")
    if case.state is CaseState.CLOSED:
        raise Refused("case-over")
    return case


def _own_case(shop: Shop, case_id: int, name: str) -> Case:
    case = _open_case(shop, case_id)
    if case.state is CaseState.WAITING:
        raise Refused("case-not-taken")
    if case.owner != name:
        raise Refused("case-held", {"name": case.owner})
    return case


def _products(shop: Shop, ids: Sequence[str]) -> list[Product]:
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > PRODUCTS_LIMIT:
        raise Refused("too-many-products", {"most": PRODUCTS_LIMIT})
    found = shop.catalogue.get(wanted)
    for product_id in wanted:
        if product_id not in found or not found[product_id].available:
            raise Refused("product-gone", {"id": product_id})
    return [found[product_id] for product_id in wanted]


def _attached(picture: Picture | None) -> tuple[Attachment, ...]:
    return (Attachment(CASE_FILE, {"name": picture.name, "title": picture.title}),) if picture else ()


def _kept(shop: Shop, case: Case, picture: Picture, outbox_id: int, at: datetime) -> int:
    """The row of a picture that lies in the data folder already."""
    content = read_file(folder_of(shop.db), picture.name)
    if content is None or media_of(content) not in SENDABLE:
        raise Refused("no-picture")
    facts = (case.user_id, case.id, picture.name, media_of(content), picture.title)
    file_id = shop.case_files.add(*facts, size=len(content), at=at)
    shop.outbox.attach_file(outbox_id, file_id)
    return file_id


def _spoken(name: str, said: str, picture: Picture | None) -> tuple[Line, ...]:
    """The words with who speaks in front, in lines short enough to be placed in a sentence."""
    if not said:
        return (Line("staff-shows-picture" if picture else "staff-shows", {"name": name}),)
    pieces = [line[at : at + _PIECE] for line in said.split("\n") for at in range(0, max(len(line), 1), _PIECE)]
    first, rest = pieces[0], pieces[1:]
    return (Line("staff-says", {"name": name, "text": first}), *(Line("quote", {"text": piece}) for piece in rest))


def _with_cards(
    shop: Shop,
    case: Case,
    outbox_id: int,
    lines: tuple[Line, ...],
    products: Sequence[Product],
    language: Language,
    at: datetime,
) -> int:
    """The turn that keeps the cards, so that their buttons name showings as all do. No update has a negative number."""
    turn = shop.transcripts.begin(Turn(-outbox_id, case.user_id, case.chat_id, "", at, language, STAFF))
    finish_turn(
        shop,
        turn.id,
        understanding=None,
        need=shop.transcripts.latest_need(case.user_id) or Need(language=language),
        slate=staff_slate(products, outbox_id),
        reply=dump_reply(Reply(turn.id, language, lines)),
        timings={},
        versions={},
        degraded=False,
    )
    shop.outbox.attach(outbox_id, turn.id)
    return turn.id


def _ratings(case: Case) -> tuple[Option, ...]:
    return tuple(Option(Line(code), act=CaseAct(Action.RATE, case.id, said.value)) for said, code in _RATINGS.items())
