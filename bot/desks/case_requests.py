"""What the running bot does for the console about cases and tickets, by the name of the request (bot/desks/control.py).

An answer is `{"case": id}` or `{"ticket": id}`, or, where it cannot be done, `{"refused": code, "facts": {...}}`: with
`console-refused-` in front a code of the Fluent files, so that the console says it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot import case_acts, ticket_acts
from bot.case_acts import Picture, Refused
from bot.desks.control import Serve
from bot.plain import one_line
from storage import instants
from storage.case_files import LONGEST_TITLE
from storage.cases import Case, Outcome
from storage.shop import Shop
from storage.tickets import TicketKind, TicketState

if TYPE_CHECKING:
    from bot.wiring import House

Request = Mapping[str, Any]
Act = Callable[[Shop, Request, datetime], dict[str, Any]]


def case_requests(house: House) -> Mapping[str, Serve]:
    """Every request, served in the database's thread; the outbox is woken after each."""

    def served(act: Act) -> Serve:
        async def serve(request: dict[str, Any]) -> dict[str, Any]:
            try:
                return await house.database.run(lambda shop: act(shop, request, datetime.now(UTC)))
            except Refused as refusal:
                return {"refused": refusal.code, "facts": refusal.facts}
            finally:
                house.outbox_changed.set()

        return serve

    return {name: served(act) for name, act in ACTS.items()}


def _take(shop: Shop, request: Request, at: datetime) -> dict[str, Any]:
    """case, staff, held_by ("" for a waiting one), key."""
    held_by = str(request.get("held_by", ""))
    return _told(case_acts.take(shop, int(request["case"]), request["staff"], held_by, at, request["key"]))


def _open(shop: Shop, request: Request, at: datetime) -> dict[str, Any]:
    """user_id or turn (one of the shopper's), staff, key."""
    user_id = shop.transcripts.owner(int(request["turn"])) if "turn" in request else int(request["user_id"])
    if user_id is None:
        raise Refused("no-such-shopper")
    return _told(case_acts.take_over(shop, user_id, request["staff"], at, request["key"]))


def _say(shop: Shop, request: Request, at: datetime) -> dict[str, Any]:
    """case, staff, text, products (ids), key; picture and title, of a file that lies in the data folder."""
    products = [str(product) for product in request.get("products", ())]
    text = str(request.get("text", ""))
    name, title = str(request.get("picture", "")), one_line(str(request.get("title", "")), LONGEST_TITLE)
    picture = Picture(name, title) if name else None
    return _told(
        case_acts.say(shop, int(request["case"]), request["staff"], text, products, at, request["key"], picture)
    )


def _give_back(shop: Shop, request: Request, at: datetime) -> dict[str, Any]:
    """case, staff, key."""
    return _ended(shop, request, Outcome.RETURNED, at)


def _close(shop: Shop, request: Request, at: datetime) -> dict[str, Any]:
    """case, staff, key; a case that nobody has taken is turned down."""
    return _ended(shop, request, Outcome.DECLINED if request.get("decline") else Outcome.SOLVED, at)


def _ended(shop: Shop, request: Request, outcome: Outcome, at: datetime) -> dict[str, Any]:
    return _told(case_acts.end(shop, int(request["case"]), request["staff"], outcome, at, request["key"]))


def _told(case: Case) -> dict[str, Any]:
    return {"case": case.id}


def _ticket_open(shop: Shop, request: Request, at: datetime) -> dict[str, Any]:
    """case, staff, kind, order, text, due (ISO date or ""), key."""
    ticket_id = ticket_acts.make(
        shop,
        int(request["case"]),
        request["staff"],
        TicketKind(request["kind"]),
        str(request["text"]),
        at,
        order=str(request.get("order", "")),
        owner=str(request.get("owner", "")),
        due=_due(request),
        key=str(request["key"]),
    )
    return {"ticket": ticket_id}


def _ticket_change(shop: Shop, request: Request, at: datetime) -> dict[str, Any]:
    """ticket, version, state, owner, due, tell, words, not_before."""
    ticket_id = int(request["ticket"])
    ticket_acts.change(
        shop,
        ticket_id,
        int(request["version"]),
        request["staff"],
        state=TicketState(request["state"]),
        owner=str(request["owner"])[:100],
        due=_due(request),
        at=at,
        tell=bool(request.get("tell")),
        words=str(request.get("words", "")),
        not_before=instants.from_text(request["not_before"]) if request.get("not_before") else at,
    )
    return {"ticket": ticket_id}


def _due(request: Request) -> date | None:
    try:
        return date.fromisoformat(request["due"]) if request.get("due") else None
    except ValueError as error:
        raise Refused("no-date") from error


ACTS: Mapping[str, Act] = {
    "case take": _take,
    "case open": _open,
    "case say": _say,
    "case give back": _give_back,
    "case close": _close,
    "ticket open": _ticket_open,
    "ticket change": _ticket_change,
}
