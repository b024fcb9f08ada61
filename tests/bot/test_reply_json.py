"""A recorded reply reads back as it was, so that a replay shows the same."""

from datetime import date
from decimal import Decimal

from bot.reply import Chip, Line, Option, Reply
from bot.reply_json import dump_reply, load_reply


def test_a_reply_survives_the_record():
    reply = Reply(
        turn_id=7,
        language="zh",
        lines=(
            Line("looking-for", {"what": (Line("chip-value", {"value": "红色"}), Line("chip-not", {"value": "皮"}))}),
            Line("converted", {"said": Decimal("200"), "date": date(2026, 11, 20), "count": 3, "rating": 4.5}),
        ),
        chips=(Chip("price", Line("chip-price-max", {"amount": Decimal("28.13"), "currency": "USD"})),),
        options=(Option(Line("button-language-zh"), "/language zh"),),
        has_more=True,
        edits_turn=3,
    )
    again = load_reply(7, dump_reply(reply), ())
    assert again.repeated
    assert (again.lines, again.chips, again.options) == (reply.lines, reply.chips, reply.options)
    assert (again.language, again.has_more, again.edits_turn) == ("zh", True, 3)
