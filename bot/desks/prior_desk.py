"""What the running bot does for the page of the models: put a proposed prior to use, or an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.desks.control import Serve
from bot.learn.prior import USE_PRIOR, USE_PROPOSED, ProposalError, proposal, use_proposal
from bot.upkeep.beliefs import NAME

if TYPE_CHECKING:
    from bot.wiring import House


def prior_requests(house: House) -> Mapping[str, Serve]:
    """By the name of the request."""

    async def use_proposed(header: dict[str, Any]) -> dict[str, Any]:
        found = proposal(house.settings.data)
        if found is None or found["at"] != header["at"]:
            raise ProposalError("There is another proposal by now: look at it first.")
        now = datetime.now(UTC)
        return {"version": await house.database.run(lambda shop: use_proposal(shop, found, now))}

    async def use(header: dict[str, Any]) -> dict[str, Any]:
        version = int(header["version"])
        await house.database.run(lambda shop: shop.fitted.use(NAME, version or None))
        return {"version": version}

    return {USE_PROPOSED: use_proposed, USE_PRIOR: use}
