"""Router: what was done by night, for admins; and the same by day, for whoever cannot wait."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from bot.console.visit import Admin

router = APIRouter()


@router.get("/nights")
def nights(visit: Admin) -> Response:
    """The latest nights, with what each step said."""
    settings = visit.desk.settings
    kept = {
        "console-nights-talk": settings.keep_transcripts_days,
        "console-nights-shown": settings.keep_impressions_days,
        "console-nights-inbox": settings.keep_inbox_days,
        "console-nights-audit": settings.keep_audit_days,
    }
    return visit.page(
        "nights.html",
        nights=visit.desk.store.nights.last(),
        at=settings.night,
        zone=settings.time_zone,
        running=visit.desk.bot_runs(),
        kept=kept,
    )
