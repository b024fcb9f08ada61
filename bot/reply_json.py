"""A reply as JSON and back, for the transcript. Cards are not in it: they are the impressions of the turn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.reply import Action, Attachment, CaseAct, Chip, ErrandAct, Line, Option, Reply
from storage.records import Recommendation
from storage.transcripts import Answered


def dump_reply(reply: Reply) -> str:
    """The reply without its cards."""
    body = {
        "language": reply.language,
        "lines": [_plain(line) for line in reply.lines],
        "chips": [{"key": chip.key, "label": _plain(chip.label)} for chip in reply.chips],
        "options": [_plain_option(option) for option in reply.options],
        "foot": [_plain_option(option) for option in reply.foot],
        "has_more": reply.has_more,
        "currency": reply.currency,
        "edits_turn": reply.edits_turn,
        "written": {str(position): sentence for position, sentence in reply.written.items()},
        "silent": reply.silent,
        "attachments": [{"kind": each.kind, "facts": _plain_facts(each.facts)} for each in reply.attachments],
    }
    return json.dumps(body, ensure_ascii=False)


def load_reply(turn_id: int, body: str, cards: tuple[Recommendation, ...]) -> Reply:
    """The stored reply of a turn, marked as repeated."""
    row = json.loads(body)
    return Reply(
        turn_id=turn_id,
        language=row["language"],
        lines=tuple(_rich(line) for line in row["lines"]),
        chips=tuple(Chip(chip["key"], _rich(chip["label"])) for chip in row["chips"]),
        cards=cards,
        options=tuple(_option(option) for option in row["options"]),
        foot=tuple(_option(option) for option in row.get("foot", ())),
        has_more=row["has_more"],
        currency=row.get("currency"),
        edits_turn=row["edits_turn"],
        repeated=True,
        written={int(position): sentence for position, sentence in row.get("written", {}).items()},
        silent=row.get("silent", False),
        attachments=tuple(
            Attachment(each["kind"], {name: _rich(fact) for name, fact in each["facts"].items()})
            for each in row.get("attachments", ())
        ),
    )


def recorded(answered: Answered) -> Reply:
    """The reply that an update got when it was answered, marked as repeated."""
    cards = tuple(card for card in answered.recommendations if card.position > 0)
    return load_reply(answered.turn.id, answered.reply_json, cards)


def _plain_option(option: Option) -> dict[str, Any]:
    return {
        "label": _plain(option.label),
        "text": option.text,
        "meant": option.meant,
        "answer": option.answer,
        "act": [option.act.action.value, option.act.case_id, option.act.key] if option.act else None,
        "does": _plain_act(option.does) if option.does else None,
        "url": option.url,
        "row": option.row,
    }


def _plain_act(does: ErrandAct) -> list[str | int]:
    return [does.errand, does.key, does.target, *filter(None, [does.detail])]


def _option(row: dict[str, Any]) -> Option:
    act, does = row.get("act"), row.get("does")
    return Option(
        _rich(row["label"]),
        row["text"],
        row.get("meant", ""),
        row.get("answer", ""),
        CaseAct(Action(act[0]), act[1], act[2]) if act else None,
        ErrandAct(*does) if does else None,
        row.get("url", ""),
        row.get("row", 0),
    )


def _plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(fact) for name, fact in facts.items()}


def _plain(value: Any) -> Any:
    match value:
        case Line():
            return {"$line": value.code, "facts": _plain_facts(value.facts)}
        case Decimal():
            return {"$decimal": str(value)}
        case date():
            return {"$date": value.isoformat()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _rich(value: Any) -> Any:
    match value:
        case {"$line": code, "facts": facts}:
            return Line(code, {name: _rich(fact) for name, fact in facts.items()})
        case {"$decimal": amount}:
            return Decimal(amount)
        case {"$date": day}:
            return date.fromisoformat(day)
        case list():
            return tuple(_rich(item) for item in value)
        case _:
            return value
