"""Router: messages that say nearly the same, labelled together.

What belongs to the random sample is left out: chosen by its likeness to something, it would be no sample any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.responses import Response

from bot.console.deciding import decide, label_of
from bot.console.likeness import likeness
from bot.console.messages import Said, context_of, message
from bot.console.review_form import FormError, model_reading, number, reading_from
from bot.console.review_page import by_name, empty_facts
from bot.console.reviewing import known, reviewer, whole_form
from bot.console.visit import Visit, acting, visiting
from bot.reply import Line
from storage.console.labels import Label, Lane, Reading, StaleLabel, TurnGone, Verdict
from storage.console.staff import Role

router = APIRouter()
MOST = 50  # messages in one go
_TICKED = 0.8  # from this likeness on a message is ticked beforehand
_LOOKED_AT = 300
_DONE = (Verdict.CORRECT, Verdict.WRONG, Verdict.DISCARD)


@dataclass(frozen=True, slots=True)
class Twin:
    """A message like the one in hand. `ticked`: it may well mean the same."""

    said: Said
    score: float
    version: int
    ticked: bool


@router.get("/review/{turn_id:int}/similar")
def similar(visit: Annotated[Visit, Depends(visiting(Role.REVIEWER))], turn_id: int) -> Response:
    """The open messages that are like this one."""
    said = known(visit, turn_id)
    twins, sampled = _open_twins(visit, said)
    label = visit.desk.store.labels.get(turn_id)
    reading = label.reading if label and label.intent and not _blind(visit, turn_id) else model_reading(said.read)
    return visit.page(
        "similar.html",
        said=said,
        version=visit.desk.store.labels.version(turn_id),
        twins=[(twin, visit.masked(twin.said.text, twin.said.conversation_id)) for twin in twins],
        text=visit.masked(said.text, said.conversation_id),
        sampled=sampled,
        reading=reading,
        intents=by_name(visit),
        labelled=bool(label and label.verdict in _DONE) or _blind(visit, turn_id),
        **empty_facts(visit),
    )


@router.post("/review/{turn_id:int}/similar")
def label_together(
    visit: Annotated[Visit, Depends(acting(Role.REVIEWER))],
    turn_id: int,
    form: Annotated[FormData, Depends(whole_form)],
) -> Response:
    """One intent for all that are ticked, as one act that one undo takes back."""
    known(visit, turn_id)
    try:
        chosen = reading_from(form, "")
        wanted = [(int(ticked), number(form, f"version-{ticked}")) for ticked in _ticked(form)]
    except FormError as error:
        return visit.back(f"/review/{turn_id}/similar", error.line)
    store, who = visit.desk.store, reviewer(visit)
    batch, done, refused = 0, 0, 0
    for each, version in wanted[: MOST + 1]:
        said = message(visit.desk.shop, each)
        if said is None or (each != turn_id and _sampled(visit, each)):
            continue
        try:
            decide(store, _label(visit, said, chosen, each == turn_id), version, who, batch)
        except (StaleLabel, TurnGone, LookupError):
            refused += 1
            continue
        done += 1
        batch = batch or store.labels.last_event(who.name)
    visit.audit("label together", f"turn {turn_id}", f"{done} labels")
    code = "console-similar-done-some" if refused else "console-similar-done"
    return visit.back("/review", Line(code, {"count": done, "refused": refused}))


def _open_twins(visit: Visit, said: Said) -> tuple[list[Twin], int]:
    """Those to be labelled with it, and how many more are in the random sample."""
    shop, store = visit.desk.shop, visit.desk.store
    here = context_of(shop, said.user_id, said.turn_id)
    twins, sampled = list[Twin](), 0
    for turn, score in likeness(visit.desk).near(said.text, _LOOKED_AT):
        label = store.labels.get(turn)
        if turn == said.turn_id or (label and label.verdict in _DONE):
            continue
        if _sampled(visit, turn):
            sampled += 1
            continue
        twin = message(shop, turn)
        if twin is None or twin.read.language != said.read.language:
            continue
        there = context_of(shop, twin.user_id, turn)
        alike = (there.asked, there.shown > 0) == (here.asked, here.shown > 0)
        twins.append(Twin(twin, score, store.labels.version(turn), alike and score >= _TICKED))
        if len(twins) == MOST:
            break
    return twins, sampled


def _label(visit: Visit, said: Said, chosen: Reading, first: bool) -> Label:
    """The chosen requests, with the slots that the model read in this message."""
    reading = Reading(chosen.intent, chosen.also, model_reading(said.read).slots)
    task = visit.desk.store.queue.in_hand(said.turn_id, visit.staff.name, visit.desk.clock()) if first else None
    return label_of(said, reading, task.lane if task else Lane.BULK, visit.staff.name)


def _ticked(form: FormData) -> list[str]:
    """Numbers of turns, as they were ticked. Raises FormError."""
    ticked = [str(each) for each in form.getlist("turn")]
    if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in ticked):
        raise FormError("odd")
    return list(dict.fromkeys(ticked))


def _sampled(visit: Visit, turn_id: int) -> bool:
    entry = visit.desk.store.queue.entry(turn_id)
    return bool(entry and entry.sampled)


def _blind(visit: Visit, turn_id: int) -> bool:
    """Whether this reviewer gives a second opinion on it, and must not see the first."""
    task = visit.desk.store.queue.in_hand(turn_id, visit.staff.name, visit.desk.clock())
    return task is not None and task.lane is Lane.OPINION
