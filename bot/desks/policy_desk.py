"""What `shopbot policies` writes: straight into the database, or through the bot that runs on it (control.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.desks.control import Serve
from bot.desks.desk import Desk
from storage.policies import PageChanges
from storage.policy_pages import Page, Section

if TYPE_CHECKING:
    from bot.wiring import House

REPLACE = "replace policies"


class PolicyDesk(Desk):
    """Writes pages; use as a context manager."""

    def replace(self, pages: Sequence[Page]) -> PageChanges:
        """These pages in the place of all that there were."""
        if self._bot:
            return PageChanges(**self._bot.ask(REPLACE, pages=[asdict(page) for page in pages])["changes"])
        assert self._shop is not None
        return self._shop.policies.replace(pages)


def policy_requests(house: House) -> Mapping[str, Serve]:
    """The bot's side: the index follows within a second or two."""

    async def replace(request: dict[str, Any]) -> dict[str, Any]:
        pages = [_page(each) for each in request["pages"]]
        changes = await house.database.run(lambda shop: shop.policies.replace(pages))
        house.catalogue_changed()
        return {"changes": asdict(changes)}

    return {REPLACE: replace}


def _page(plain: Mapping[str, Any]) -> Page:
    return Page(**{**plain, "sections": tuple(Section(**section) for section in plain["sections"])})
