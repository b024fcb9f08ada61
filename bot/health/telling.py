"""A notice in words: each alert with what it means, what to do, and where the runbook says more. Plain text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.health.alerts import Notice
from bot.health.readings import Reading
from bot.health.rules import BY_NAME
from bot.reply import Line
from bot.wording import Wording
from storage.health import AlertState
from storage.records import Language

_NOTHING: Mapping[str, Any] = {}


def notice_text(
    notice: Notice,
    states: Mapping[str, AlertState],
    readings: Mapping[str, Reading],
    now: float,
    wording: Wording,
    language: Language,
) -> str:
    """The message to the owner: what is new in full, what still holds and what is well again in a line each."""

    def say(code: str, facts: Mapping[str, Any] = _NOTHING) -> str:
        return wording.say(Line(code, facts), language)

    def minutes(name: str) -> dict[str, Any]:
        state = states[name]
        since = state.since if state.since is not None else now
        return {"what": say(f"alert-{name}"), "minutes": max(1, round(((state.ended or now) - since) / 60))}

    def in_full(name: str) -> str:
        head = "alert-urgent" if BY_NAME[name].urgent else "alert-warning"
        facts = readings[name].facts if name in readings else _NOTHING
        return "\n".join(
            [
                say(head, {"what": say(f"alert-{name}")}),
                say(f"alert-{name}-means", facts),
                say("alert-do", {"todo": say(f"alert-{name}-do")}),
                say("alert-more", {"section": name}),
            ]
        )

    blocks = [in_full(name) for name in notice.new]
    blocks += [say("alert-still", minutes(name)) for name in notice.still]
    blocks += [say("alert-well", minutes(name)) for name in notice.well]
    return "\n\n".join(blocks)
