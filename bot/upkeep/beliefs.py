"""The prior in use: what `shopbot taste fit` has learned from this shop's log, else the shipped one."""

from __future__ import annotations

import logging
from collections import OrderedDict

from recommender.prior import Prior, prior, prior_from_json
from storage.shop import Shop

NAME = "prior"
"""Under which the fit is kept in `shop.fitted`."""
log = logging.getLogger(__name__)
_read: OrderedDict[tuple[str, int, str], Prior] = OrderedDict()
_KEPT = 8


def shared_prior(shop: Shop) -> Prior:
    """The fitted prior in use. One that cannot be read is reported once, and the shipped one serves."""
    key = shop.fitted.in_use(NAME)
    if key is None:
        return prior()
    if key not in _read:
        found = shop.fitted.current(NAME)
        try:
            _read[key] = prior_from_json(found.body, found.version) if found else prior()
        except ValueError as error:
            log.warning("%s The shipped one serves in its place.", error)
            _read[key] = prior()
        while len(_read) > _KEPT:
            _read.popitem(last=False)
    return _read[key]
