"""Logs that machines read: one JSON object a line, with what is bound to the work under way (update, turn)."""

from __future__ import annotations

import logging

import structlog


def json_lines() -> logging.Formatter:
    """Every record of the standard library's loggers as a line of JSON: time in UTC, level, logger, event."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
