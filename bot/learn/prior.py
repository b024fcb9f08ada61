"""The bandit's shared prior, fitted anew and judged on the log before anybody decides: a proposal.

    found = propose(data)            # kept in DATA/learning/prior.json, nothing is put to use
    use_proposal(shop, found, now)   # by the running bot, on an admin's word

What it would earn for a page comes from the log of what was shown (doubly robust, `shopbot replay`), beside the prior
in use judged by the same pages.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.learn.record import FOLDER
from bot.replaying import Gatherer, NoPagesError
from bot.upkeep.beliefs import NAME, shared_prior
from bot.upkeep.tasting import fit_prior
from nlu.whole import write_whole
from recommender.judging import SilentLogError, judge
from recommender.prior import Prior, prior_from_json
from storage.shop import FILE_NAME, Shop

FILE = "prior.json"
USE_PROPOSED, USE_PRIOR = "use proposed prior", "use prior"
"""What the running bot is asked (bot/desks/prior_desk.py)."""
_POLICY = "prior"


class ProposalError(Exception):
    """There is no proposal, or it is no longer one; one sentence says why."""


def propose(data: Path, fewest: int = 50) -> dict[str, Any]:
    """A fit, its figures on shoppers held back, and its estimates. Raises ProposalError or TooLittleError."""
    if not (data / FILE_NAME).is_file():
        raise ProposalError(f"There is no shop database in {data}.")
    shop = Shop.open(data, readonly=True)
    try:
        fit = fit_prior(shop, fewest=fewest)
        current = shop.fitted.current(NAME)
        found = {
            "at": datetime.now(UTC).isoformat(),
            "instead_of": current.version if current else 0,
            "figures": fit.figures,
            "estimates": {
                "in use": _estimate(shop, shared_prior(shop)),
                "proposed": _estimate(shop, fit.prior),
            },
            "prior": fit.prior.as_json(),
        }
    finally:
        shop.close()
    write_whole(data / FOLDER / FILE, json.dumps(found).encode() + b"\n")
    return found


def proposal(data: Path) -> dict[str, Any] | None:
    """The last proposal; None where there is none."""
    with suppress(OSError, ValueError):
        found = json.loads((data / FOLDER / FILE).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) and "prior" in found else None
    return None


def use_proposal(shop: Shop, found: dict[str, Any], at: datetime) -> int:
    """Puts a proposal to use, where the prior that it was judged against is still in use; its version. Tastes follow at
    each shopper's next turn. Raises ProposalError.
    """
    current = shop.fitted.current(NAME)
    if (current.version if current else 0) != found["instead_of"]:
        raise ProposalError("Another prior was put to use since this one was proposed: propose again.")
    try:
        checked = prior_from_json(found["prior"], 0)
    except (KeyError, TypeError, ValueError) as error:
        raise ProposalError("The proposal cannot be read: propose again.") from error
    figures = {**found["figures"], "estimates": found["estimates"]}
    return shop.fitted.put(NAME, checked.as_json(), figures=figures, at=at)


def _estimate(shop: Shop, prior: Prior) -> dict[str, Any]:
    """What ranking by a prior alone would have earned for a page, doubly robust, with its 95 % interval."""
    gatherer = Gatherer(shop, (_POLICY,), shared=prior)
    try:
        for logged in shop.page_log.pages():
            gatherer.add(logged)
        if not gatherer.replay.shopper:
            raise NoPagesError(gatherer.replay.left_out)
        verdict = judge(gatherer.replay.log(_POLICY), gatherer.replay.features)
    except (NoPagesError, SilentLogError) as error:
        return {"silent": str(error)}
    return {"reward": asdict(verdict.estimates["sndr"]), "gain": asdict(verdict.gains["sndr"])}
