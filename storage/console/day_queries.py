"""How a day is counted, in SQL: its turns once into a temporary table, then one query for each measure.

Figures of success (intents, confidence, the way to the order) leave out turns that were answered with less than the
whole machine; these are counted for themselves. A turn that was tapped is no message and says nothing of the model.
A link that names somebody (a referral, a long number) is no campaign.
"""

from __future__ import annotations

BINNED = "latency"

CAMPAIGN = """CASE WHEN s.start_payload LIKE 'p\\_%' ESCAPE '\\' THEN '(product link)'
        WHEN s.start_payload LIKE 'ref\\_%' ESCAPE '\\' THEN '(referral)'
        WHEN s.start_payload GLOB '*[0-9][0-9][0-9][0-9][0-9][0-9][0-9]*' THEN '(other)'
        ELSE coalesce(s.start_payload, '') END"""
"""Of which campaign a row of shoppers (`s`) is."""

DAY_TURNS = f"""CREATE TEMP TABLE day_turns AS
SELECT t.id, t.user_id, t.text, t.need, t.timings, t.source = 'text' AS written, t.degraded, t.fallback, t.shown,
    coalesce(json_extract(t.understanding, '$.language'), t.language) AS language,
    {CAMPAIGN} AS campaign,
    json_extract(t.understanding, '$.intent') AS intent, json_extract(t.understanding, '$.confidence') AS confidence,
    json_extract(t.slate, '$.admitted') AS admitted, json_extract(t.slate, '$.ways') AS ways,
    t.slate IS NOT NULL AND instr(t.slate, '"policy":"link"') = 0 AS searched,
    t.slate IS NOT NULL AND instr(t.slate, '"sponsored"') AS paid,
    0 AS liked, 0 AS carted, 0 AS ordered, 0 AS up, 0 AS down
FROM shop.turns AS t LEFT JOIN shop.shoppers AS s ON s.user_id = t.user_id
WHERE t.said_at >= :begins AND t.said_at < :ends"""

REACTED = """UPDATE temp.day_turns SET (liked, carted, ordered, up, down) = (
    SELECT count(DISTINCT iif(f.reaction NOT IN ('dislike', 'less_like'), i.id, NULL)),
        count(DISTINCT iif(f.reaction IN ('cart', 'buy'), i.id, NULL)), coalesce(sum(f.reaction = 'buy'), 0),
        coalesce(sum(f.reaction = 'like'), 0), coalesce(sum(f.reaction = 'dislike'), 0)
    FROM shop.impressions AS i CROSS JOIN shop.feedback AS f ON f.impression_id = i.id
    WHERE i.turn_id = day_turns.id)
WHERE shown > 0"""

UNMET = """SELECT id, language, campaign, text, coalesce(need, '') FROM temp.day_turns
WHERE searched AND written AND admitted = 0 AND NOT degraded"""


def _grouped(measure: str, key: str, value: str = "count(*)", where: str = "1", source: str = "temp.day_turns") -> str:
    """A measure by language, campaign and key."""
    return (
        f"SELECT '{measure}', :day, language, campaign, {key} AS key, {value} AS total FROM {source} "
        f"WHERE {where} GROUP BY language, campaign, key HAVING total > 0"
    )


_STAGES = "json_each(d.timings) AS stage"
# A card's number named "sponsored" is set where it was paid for; the slate says at which place the numbers stand.
_PAID_CARDS = """(SELECT d.language, d.campaign, i.id,
        (SELECT max(f.reaction NOT IN ('dislike', 'less_like')) FROM shop.feedback AS f WHERE f.impression_id = i.id)
            AS liked,
        EXISTS (SELECT 1 FROM shop.feedback AS f WHERE f.impression_id = i.id AND f.reaction IN ('cart', 'buy'))
            AS carted,
        EXISTS (SELECT 1 FROM shop.feedback AS f WHERE f.impression_id = i.id AND f.reaction = 'buy') AS ordered
    FROM temp.day_turns AS d CROSS JOIN shop.turns AS t ON t.id = d.id
    CROSS JOIN shop.impressions AS i ON i.turn_id = d.id
    WHERE d.paid AND d.shown > 0 AND i.position > 0 AND json_extract(i.features, '$[' || (
        SELECT each.key FROM json_each(t.slate, '$.features') AS each WHERE each.value = 'sponsored') || ']') > 0)"""
SUMS = (
    _grouped("turns", "iif(written, 'messages', 'taps')"),
    _grouped("shoppers", "'day'", "count(DISTINCT user_id)"),
    _grouped("quality", "'degraded'", "sum(degraded)"),
    _grouped("quality", "'fallback'", "sum(fallback AND NOT degraded)"),
    _grouped("quality", "'answered'", "sum(NOT degraded)"),
    _grouped("intent", "intent", where="written AND NOT degraded AND intent IS NOT NULL"),
    _grouped(
        "confidence",
        "min(cast(confidence * 20 AS INTEGER), 19)",
        where="written AND NOT degraded AND confidence NOT NULL",
    ),
    _grouped("searches", "'all'", where="searched AND NOT degraded"),
    _grouped("searches", "'nothing'", where="searched AND NOT degraded AND admitted = 0"),
    _grouped("searches", "'relaxed'", where="searched AND NOT degraded AND ways NOT IN ('[]', '')"),
    *(
        _grouped("way", f"'{step}'", "count(*)", f"NOT degraded AND {condition}")
        for step, condition in (
            ("messages", "written"),
            ("pages", "shown > 0"),
            ("liked", "shown > 0 AND liked"),
            ("carted", "shown > 0 AND carted"),
            ("ordered", "shown > 0 AND ordered"),
        )
    ),
    *(_grouped("cards", f"'{step}'", f"sum({step})", "shown > 0") for step in ("shown", "liked", "carted", "ordered")),
    *(
        _grouped("paid", f"'{step}'", value, "1", _PAID_CARDS)
        for step, value in (
            ("shown", "count(*)"),
            ("liked", "sum(liked)"),
            ("carted", "sum(carted)"),
            ("ordered", "sum(ordered)"),
        )
    ),
    _grouped("thumbs", "'up'", "sum(up)"),
    _grouped("thumbs", "'down'", "sum(down)"),
    """SELECT 'relaxed', :day, language, campaign, slot AS key, count(*) AS total FROM (
        SELECT DISTINCT d.id, d.language, d.campaign, json_extract(change.value, '$.slot') AS slot
        FROM temp.day_turns AS d, json_each(d.ways) AS way, json_each(way.value) AS change
        WHERE d.ways NOT IN ('[]', '') AND NOT d.degraded)
    WHERE slot IS NOT NULL GROUP BY language, campaign, slot""",
    f"""SELECT '{BINNED}', :day, d.language, '', stage.key || ':' || bin_of(stage.value) AS key, count(*) AS total
    FROM temp.day_turns AS d, {_STAGES} WHERE d.timings IS NOT NULL AND stage.value >= 0
    GROUP BY d.language, key""",
)
