"""The weights of search in use: what `shopbot fit-search` has learned for this shop, else the shipped ones."""

from __future__ import annotations

import logging

from recommender.fusion import SHIPPED, BadFusionError, Fusion
from storage.shop import Shop

NAME = "fusion"
"""Under which the fit is kept in `shop.fitted`."""
log = logging.getLogger(__name__)


def fusion_in_use(shop: Shop) -> Fusion:
    """The fitted weights in use. Some that cannot be read are reported, and the shipped ones serve."""
    found = shop.fitted.current(NAME)
    if found is None:
        return SHIPPED
    try:
        return Fusion.read(found.body, found.version)
    except BadFusionError as error:
        log.warning("%s The shipped one serves in its place.", error)
        return SHIPPED
