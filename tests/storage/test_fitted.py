"""Fits by name: the newest serves, an older one can be gone back to, and none means what is shipped."""

from datetime import UTC, datetime

import pytest

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_the_newest_fit_serves_until_an_older_one_is_gone_back_to(shop):
    assert shop.fitted.current("fusion") is None
    assert shop.fitted.put("fusion", {"dense": 0.4}, figures={"ndcg": 0.89}, at=AT) == 1
    assert shop.fitted.put("fusion", {"dense": 0.6}, figures={"ndcg": 0.88}, at=AT) == 2
    assert shop.fitted.put("prior", {"mean": [1.0]}, figures={}, at=AT) == 1
    assert shop.fitted.current("fusion").body == {"dense": 0.6}
    shop.fitted.use("fusion", 1)
    assert [(fit.version, fit.in_use) for fit in shop.fitted.history("fusion")] == [(2, False), (1, True)]
    assert shop.fitted.current("fusion").figures == {"ndcg": 0.89}
    assert shop.fitted.current("prior").version == 1


def test_no_fit_in_use_means_what_is_shipped_and_versions_never_repeat(shop):
    shop.fitted.put("fusion", {}, figures={}, at=AT)
    shop.fitted.use("fusion", None)
    assert shop.fitted.current("fusion") is None
    assert shop.fitted.put("fusion", {}, figures={}, at=AT) == 2


def test_a_version_that_does_not_exist_is_refused_and_changes_nothing(shop):
    shop.fitted.put("fusion", {"dense": 0.4}, figures={}, at=AT)
    with pytest.raises(LookupError, match="no version 7 of fusion"):
        shop.fitted.use("fusion", 7)
    assert shop.fitted.current("fusion").version == 1
