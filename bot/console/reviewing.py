"""Router: the review page. One message at a time, from the queue or by its number, as a form that works without a
script; review.js lets it be filled by keyboard alone.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console.deciding import Reviewer, decide, label_of, resolve, undo, unlearned
from bot.console.messages import Said, message
from bot.console.queue_view import NAMES, asked_queue, queue_path
from bot.console.queueing import filling
from bot.console.review_form import FormError, number, reading_from
from bot.console.review_page import empty_facts, message_facts
from bot.console.visit import Acting, Reviewing, Visit
from bot.reply import Line
from storage.console.labels import Lane, StaleLabel, TurnGone, Verdict
from storage.console.staff import Role

router = APIRouter()
_UNLEARNED = {"discard": Verdict.DISCARD, "later": Verdict.LATER}


async def whole_form(request: Request) -> FormData:
    """Every field that came, repeated ones too."""
    return await request.form()


Form = Annotated[FormData, Depends(whole_form)]


@router.get("/review")
def next_message(visit: Reviewing) -> Response:
    """The message in hand, or the next one."""
    filling(visit.desk).some()
    store, who = visit.desk.store, reviewer(visit)
    only, query = asked_queue(visit.request.query_params)
    task = store.queue.take(who.name, who.now, only)
    said = message(visit.desk.shop, task.turn_id) if task else None
    if task and said is None:
        store.queue.close(task.turn_id, Lane.SAMPLE)  # nothing to be read in it any more
        return visit.back(queue_path(query))
    if said is None:
        return visit.page("review_empty.html", **empty_facts(visit, query))
    return visit.page("review.html", **message_facts(visit, said, task, query))


@router.post("/review/undo")
def take_back(visit: Acting, form: Form) -> Response:
    """What this reviewer did last is undone, and its message comes up again."""
    undone, refused = undo(visit.desk.store, reviewer(visit))
    if not undone:
        left = Line("console-review-undo-refused" if refused else "console-review-undo-none")
        return visit.back(_queue_of(form), left)
    visit.audit("undo label", f"turn {undone[0]}", f"{len(undone)} labels")
    said = Line("console-review-undone", {"count": len(undone), "refused": refused})
    held = visit.desk.store.queue.in_hand(undone[0], visit.staff.name, visit.desk.clock())
    return visit.back(_queue_of(form) if held else f"/review/{undone[0]}", said)


@router.get("/review/{turn_id:int}")
def one_message(visit: Reviewing, turn_id: int) -> Response:
    """A message by its number, from a transcript or a list."""
    said = known(visit, turn_id)
    task = visit.desk.store.queue.in_hand(turn_id, visit.staff.name, visit.desk.clock())
    return visit.page("review.html", **message_facts(visit, said, task))


@router.post("/review/{turn_id:int}")
def keep(visit: Acting, turn_id: int, form: Form) -> Response:
    """A reviewer's decision: saved, discarded or put off; or what holds where two disagreed."""
    said = known(visit, turn_id)
    task = visit.desk.store.queue.in_hand(turn_id, visit.staff.name, visit.desk.clock())
    after = _queue_of(form) if task else f"/review/{turn_id}"
    try:
        act = str(form.get("act") or "save")
        done = _kept(visit, said, form, act, task.lane if task else Lane.DIRECT)
    except FormError as error:
        return visit.back(after, error.line)
    except StaleLabel as stale:
        visit.desk.store.queue.release(turn_id, visit.staff.name)
        return visit.back(f"/review/{turn_id}", stale_line(stale))
    except (TurnGone, LookupError):
        visit.desk.store.queue.release(turn_id, visit.staff.name)
        return visit.back(_queue_of(form), Line("console-review-gone"))
    return visit.back("/review/agreement" if act == "resolve" else after, None if task else done)


def reviewer(visit: Visit) -> Reviewer:
    """Who is at work here."""
    return Reviewer(visit.staff.name, visit.desk.clock(), visit.desk.settings.second_opinions)


def known(visit: Visit, turn_id: int) -> Said:
    """A message that can be reviewed. Raises HTTPException 404."""
    said = message(visit.desk.shop, turn_id) if turn_id < 2**63 else None
    if said is None:
        raise HTTPException(404)
    return said


def stale_line(stale: StaleLabel) -> Line:
    """Who was quicker."""
    if stale.current is None:
        return Line("console-review-stale-back")
    return Line("console-review-stale", {"by": stale.current.by})


def _queue_of(form: FormData) -> str:
    """The queue as it was narrowed when this form was made."""
    return queue_path({name: str(form.get(f"only_{name}") or "") for name in NAMES})


def _kept(visit: Visit, said: Said, form: FormData, act: str, lane: Lane) -> Line:
    store, who, version = visit.desk.store, reviewer(visit), number(form, "version")
    if act in _UNLEARNED:
        label = unlearned(said, _UNLEARNED[act], lane, who.name)
    else:
        label = label_of(said, reading_from(form, said.text), lane, who.name)
    if act == "resolve":
        if not visit.may(Role.ADMIN):
            raise HTTPException(403)
        resolve(store, label, version, who)
    else:
        decide(store, label, version, who)
    visit.audit("label", f"turn {said.turn_id}", label.verdict.value)
    return Line("console-review-kept")
