"""Router: a shopper who asks to be forgotten is erased, by their Telegram number, by an admin.

The bot erases in its database (bot/erasing.py); what staff noted about it goes from the console's. Neither the address
nor the audit log holds the number.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from bot.console.visit import Visit, acting, visiting
from bot.erasing import LARGEST, erase_shopper
from bot.reply import Line
from storage.console.staff import Role

router = APIRouter()


@router.get("/people/erase")
def ask(visit: Annotated[Visit, Depends(visiting(Role.ADMIN))]) -> Response:
    """The form."""
    return visit.page("erase.html", gone=None)


@router.post("/people/erase")
def erase(
    visit: Annotated[Visit, Depends(acting(Role.ADMIN))],
    user_id: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Erases, where the number was written twice; says how many rows went, of what."""
    number = user_id.strip()
    if not (number.isascii() and number.isdigit() and 0 < int(number[:20]) < LARGEST):
        return visit.back("/people/erase", Line("console-erase-odd"))
    if again.strip() != number:
        return visit.back("/people/erase", Line("console-erase-differs"))
    settings = visit.desk.settings
    gone = erase_shopper(settings.data, int(number), visit.desk.store, visit.staff.name, settings.backups)
    return visit.page("erase.html", gone=gone)
