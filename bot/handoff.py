"""When a person takes over from the bot, and what the shopper is told of it. Drafts are pure; steps run in the
database's thread, in the commit of the turn that takes them.

A shopper who asks for a person gets a case (storage/cases.py), and the bot keeps quiet until it ends. Nobody is caught
in it: what says so has a button back to the bot, and after a case ended the same trouble opens no new one by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.case_step import CaseStep
from bot.draft import Draft
from bot.office_hours import OfficeHours
from bot.recall import Before
from bot.reply import Action, CaseAct, Learned, Line, Option, Press
from bot.spoken import spoken_language
from bot.stumbling import BEYOND, STUMBLES
from bot.telling import count_handoff, tell, tell_owner
from storage.cases import Case, CaseReason, CaseState, Outcome, Satisfaction
from storage.records import Language, Turn
from storage.shop import Shop

ASKED_FOR = "case-opened"
"""The line by which a draft says that a person was asked for."""
UNREADABLE, PASSED = "unreadable:", "passed:"
"""Begin the source of a turn without words, before its kind: of one that stayed here (a second colon says why), and of
one whose file staff have.
"""
_WORDS = ("text", "caption", "edited")
_AGAIN = timedelta(minutes=10)
_REASONS = {CaseStep.ASK: CaseReason.ASKED, CaseStep.ASK_AFTER_FAILING: CaseReason.FAILED}
_HUMAN = Option(Line("button-human"), act=CaseAct(Action.HUMAN))
_HUMAN_AFTER_FAILING = Option(Line("button-human"), act=CaseAct(Action.HUMAN, key=CaseReason.FAILED))
GO_ON = Option(Line("button-go-on"), act=CaseAct(Action.GO_ON))


@dataclass(frozen=True, slots=True)
class HandOff:
    """How this shop hands over: when its people are there, and where its owner is told."""

    hours: OfficeHours = OfficeHours()
    owner_chat: int | None = None

    def handed(self, before: Before, draft: Draft, now: datetime, usual_wait: timedelta | None) -> Draft:
        """The draft with what it does about a person. `now` in the shop's time zone."""
        if ASKED_FOR in draft.codes:
            rest = tuple(line for line in draft.lines if line.code != ASKED_FOR)
            return self.asked(before, now, usual_wait, replace(draft, lines=rest))
        if before.case is None and draft.codes & STUMBLES and before.stumbled:
            lines = (*draft.lines, Line("offer-human"))
            return replace(draft, lines=lines, options=(*draft.options, _HUMAN_AFTER_FAILING))
        if before.case is None and draft.codes & BEYOND:
            return replace(draft, options=(*draft.options, _HUMAN))
        return draft

    def asked(
        self,
        before: Before,
        now: datetime,
        usual_wait: timedelta | None,
        draft: Draft,
        step: CaseStep = CaseStep.ASK,
    ) -> Draft:
        """A person is asked for, in words or by a button."""
        case = before.case
        if case and case.state is CaseState.HELD:
            return _with(draft, Line("case-with", {"name": case.owner}), GO_ON)
        if case:
            return _with(draft, Line("case-waiting"), GO_ON)
        if _in_words(before.turn) and before.case_ended and before.turn.said_at - before.case_ended < _AGAIN:
            return _with(draft, Line("human-again"), _HUMAN)
        opened = replace(draft, lines=(*draft.lines, Line(ASKED_FOR)), step=step)
        return _with(opened, self._wait(now, usual_wait), GO_ON)

    def went_on(self, before: Before, now: datetime) -> Draft:
        """The shopper asks the bot back. A request that nobody can serve now stays with the shop."""
        case, draft = before.case, Draft(need=before.need)
        if case is None:
            return _with(draft, Line("bot-speaks"))
        if case.state is CaseState.WAITING and (case.bot_speaks or case.late_at or not self.hours.open_at(now)):
            return replace(_with(draft, Line("case-kept")), step=CaseStep.GO_ON_WAITING)
        return replace(_with(draft, Line("case-left")), step=CaseStep.LEAVE)

    def take_step(self, shop: Shop, turn: Turn, step: CaseStep, language: Language) -> None:
        """Does what a turn decided on; once, however often it is called."""
        case = shop.cases.open_of(turn.user_id)
        match step:
            case CaseStep.ASK | CaseStep.ASK_AFTER_FAILING:
                self._open(shop, turn, _REASONS[step], language)
            case CaseStep.GO_ON_WAITING if case and not case.bot_speaks:
                shop.cases.let_bot_speak(case.id, True)
                shop.case_talk.noted(case.id, "went_on", turn.said_at)
            case CaseStep.LEAVE if case:
                shop.cases.close(case.id, Outcome.LEFT, turn.said_at)
                shop.case_talk.noted(case.id, "left", turn.said_at)

    def late(self, shop: Shop, case: Case, now: datetime) -> None:
        """Tells a shopper that it takes longer than it should, and the owner that somebody waits."""
        with shop.atomic():
            shop.cases.told_late(case.id, now)
            tell(shop, case, "late", (Line("case-late"),), now, options=(GO_ON,), key=f"late:{case.id}")
            minutes = int((now - case.opened_at) / timedelta(minutes=1))
            self._warn(shop, Line("owner-case-late", {"case": case.id, "minutes": minutes}), case, now)

    def is_late(self, case: Case, now: datetime, patience: timedelta) -> bool:
        """Whether a waiting shopper has waited too long while the shop was open."""
        came = self.hours.next_opening(case.opened_at.astimezone(now.tzinfo))
        return self.hours.open_at(now) and came is not None and now - came > patience

    def _open(self, shop: Shop, turn: Turn, reason: CaseReason, language: Language) -> None:
        case, new = shop.cases.open(turn.user_id, turn.chat_id, language, reason, turn.said_at, turn.id)
        if new:
            count_handoff(shop, turn.id)
            shop.case_talk.heard(case.id, turn.id, turn.said_at)
            shop.case_talk.noted(case.id, "opened", turn.said_at, {"reason": reason.value})
            self._warn(shop, Line("owner-case", {"case": case.id, "reason": reason.value}), case, turn.said_at)

    def _warn(self, shop: Shop, line: Line, case: Case, at: datetime) -> None:
        if self.owner_chat is not None:
            tell_owner(shop, self.owner_chat, line, case, at)

    def _wait(self, now: datetime, usual: timedelta | None) -> Line:
        """How long it takes: by the clock of the shop, and by how long others have waited."""
        opening = self.hours.next_opening(now)
        if opening is None:
            return Line("case-wait-unknown")
        if opening > now:
            days = (opening.date() - now.date()).days
            facts = {"day": opening.date(), "time": f"{opening:%H:%M}", "away": min(days, 2)}
            return Line("case-wait-closed", facts)
        if usual is None:
            return Line("case-wait-unknown")
        return Line("case-wait", {"minutes": max(1, round(usual / timedelta(minutes=1)))})


def asks_for_person(draft: Draft) -> bool:
    """Whether somebody is asked for, so that the wait is worth looking up."""
    return ASKED_FOR in draft.codes


def speaks_to_person(before: Before) -> bool:
    """Whether what was said is for a person: the bot keeps quiet, but for its own buttons and commands."""
    return before.case is not None and before.case.quiet and before.turn.source in _WORDS


def taken_meanwhile(shop: Shop, before: Before) -> bool:
    """Whether a person took the talk over while the bot was finding its answer, which then is not given."""
    if before.turn.source not in _WORDS:
        return False
    case = shop.cases.open_of(before.turn.user_id)
    return case is not None and case.state is CaseState.HELD and (before.case is None or before.case.bot_speaks)


def quiet_draft(before: Before) -> Draft:
    """Nothing is said; the wish stays as it was."""
    return Draft(need=replace(before.need, asked=None), silent=True)


def unreadable_kind(turn: Turn) -> str:
    """Of what kind a message without words was; "" for one with words."""
    first, _, rest = turn.source.partition(":")
    return rest.partition(":")[0] if f"{first}:" in (UNREADABLE, PASSED) else ""


def cannot_pass(before: Before, kind: str) -> Draft:
    """What does not reach the console, and why, must be known to whoever sends it to a person; what does is taken as
    words are.
    """
    if before.turn.source.startswith(PASSED):
        return quiet_draft(before)
    why = before.turn.source.removeprefix(f"{UNREADABLE}{kind}").removeprefix(":")
    return _with(quiet_draft(before), cannot_line(kind, why))


def cannot_line(kind: str, why: str) -> Line:
    """Why a message of a kind does not reach the people of the shop: "large", "kind", "failed", or "" for all of it."""
    return Line(f"case-cannot-pass-{why}" if why else "case-cannot-pass", {"kind": kind})


def press_rate(shop: Shop, press: Press, at: datetime) -> Learned:
    """Keeps how it was, once. Runs in the database's thread."""
    with shop.atomic():
        state = "gone"
        if press.argument in tuple(Satisfaction):
            state = shop.cases.rate(press.target, press.user_id, Satisfaction(press.argument))
        if state == "new":
            shop.case_talk.noted(press.target, "rated", at, {"said": press.argument})
    return Learned(state, spoken_language(shop, press.user_id, press.telegram_language))


def _in_words(turn: Turn) -> bool:
    return not turn.source.startswith("button")


def _with(draft: Draft, line: Line, *options: Option) -> Draft:
    return replace(draft, lines=(*draft.lines, line), options=(*draft.options, *options), silent=False)
