"""How lines of the log look: text for people, or one JSON object a line for machines.

Both carry what the line's work is (update, turn, shopper as a hash; bot/health/work.py), and in both a line is one
line: what could break it or forge another (line ends, control and bidirectional characters) is written as an escape,
and the lines of a traceback are led by a bar. What a shopper said or is called never stands in a line about that
shopper's update, in an error's text neither.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Literal

from bot.health.work import current

# Ends of lines as some reader or other knows them, what moves a terminal, and what turns text around.
_UNSAFE = (*range(0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
_ESCAPED = {code: f"\\u{code:04x}" for code in _UNSAFE} | {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}
_PLAIN = re.compile(r"[\w.:/+\-]+")
_OWN = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})
_CHATTY = ("httpx", "chromadb", "aiogram.event", "aiohttp.access")


def set_up_logs(level: str, form: Literal["text", "json"]) -> None:
    """Gives the root logger's handlers this level and form, and quietens those who log each request."""
    root = logging.getLogger()
    root.setLevel(level)
    for handler in root.handlers:
        handler.setFormatter(json_lines() if form == "json" else TextLines())
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


class TextLines(logging.Formatter):
    """ "2026-11-28T09:30:00Z INFO bot.updates: Update finished update=12 shopper=1f6c9d0e7a turn=7 ms=310"."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        said = _safe(_hidden(record.getMessage()))
        facts = "".join(f" {name}={_word(value)}" for name, value in _facts(record).items())
        line = f"{at} {record.levelname} {record.name}: {said}{facts}"
        trace = self.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else ""
        bars = [f"    | {_safe(each)}" for each in _hidden(trace).splitlines()]
        return "\n".join([line, *bars])


def json_lines() -> logging.Formatter:
    """Every record of the standard library's loggers as a line of JSON: time in UTC, level, logger, event, facts."""
    import structlog

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_facts,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _hide_words,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            _one_line,
        ],
    )


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """What the line's work is marked by, then what was given as `extra`."""
    work = current()
    marks = {} if work is None else dict(work.marks)
    if work is not None and work.turn_id is not None:
        marks["turn"] = work.turn_id
    return marks | {name: value for name, value in vars(record).items() if name not in _OWN}


def _hidden(text: str) -> str:
    work = current()
    return work.hidden(text) if work and text else text


def _safe(text: str) -> str:
    return text.translate(_ESCAPED)


def _word(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}:{_word(inner)}" for name, inner in value.items()) or "-"
    if isinstance(value, list | tuple):
        return ",".join(_word(inner) for inner in value) or "-"
    text = "-" if value is None else str(value)
    return text if _PLAIN.fullmatch(text) else _safe(json.dumps(text, ensure_ascii=False))


# --- processors of structlog ------------------------------------------------------------------------


def _add_facts(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.update(_facts(event["_record"]))
    return event


def _hide_words(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in ("event", "exception"):
        if name in event:
            event[name] = _hidden(str(event[name]))
    return event


def _one_line(_: Any, __: str, line: Any) -> str:
    return _safe(str(line))
