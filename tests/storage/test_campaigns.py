"""Links that lead here: visits, who wrote, and what an order is counted for."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from storage.orders import Order, OrderLine, OrderStatus

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def order(shop, number, user, at, campaign, price):
    lines = (OrderLine("p0", "Lamp", "", 1, Decimal(price)),)
    shop.orders.add(Order(number, user, OrderStatus.PLACED, at, "USD", Decimal(price), lines, campaign=campaign))


def test_an_order_counts_for_the_last_link_within_thirty_days(shop):
    shop.campaigns.visit(1, "spring", AT)
    shop.campaigns.visit(1, "mail_7", AT + 3 * DAY)
    assert shop.campaigns.counted_for(1, AT + DAY) == "spring"
    assert shop.campaigns.counted_for(1, AT + 4 * DAY) == "mail_7"
    assert shop.campaigns.counted_for(1, AT + 40 * DAY) == ""
    assert shop.campaigns.counted_for(2, AT + DAY) == ""


def test_the_figures_count_people_once_and_orders_by_the_name_that_they_keep(shop, make_turn):
    for user, campaign in ((1, "spring"), (1, "spring"), (2, "spring"), (3, "mail_7")):
        shop.campaigns.visit(user, campaign, AT)
    shop.transcripts.begin(make_turn(user_id=2, said_at=AT + DAY, source="text"))
    order(shop, "SB-1", 2, AT + DAY, "spring", "10.50")
    order(shop, "SB-2", None, AT + 2 * DAY, "spring", "4.00")
    order(shop, "SB-3", 4, AT + 2 * DAY, "", "99.00")
    spring, mail = shop.campaigns.figures(AT - DAY, AT + 30 * DAY)
    assert (spring.campaign, spring.visits, spring.visitors, spring.talkers, spring.orders) == ("spring", 3, 2, 1, 2)
    assert spring.totals == (("USD", Decimal("14.50")),)
    assert (mail.campaign, mail.visitors, mail.talkers, mail.orders) == ("mail_7", 1, 0, 0)
    assert shop.campaigns.figures(AT - 3 * DAY, AT - 2 * DAY) == []
