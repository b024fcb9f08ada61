"""What makes a number a price, a size or a quantity: the words right before and behind it."""

from __future__ import annotations

import re

MONEY_BEFORE = re.compile(
    r"(?:[$€£¥₩₹]|usd|rmb|cny|under|over|below|about|around|元|预算|价格|最多|不超过)\s?$", re.IGNORECASE
)
MEASURE_AFTER = re.compile(
    r"\s?(?:元|块|刀|件|个|双|条|米|克|斤|寸|英寸|毫安|ml\b|mah|mm\b|cm\b|kg\b|inch|\"|%|usd|dollars?|bucks|yuan|rmb"
    r"|pcs|pieces|pairs|units|times|days?|items?|天|次|年|月|日|美元|人|套|箱|瓶|包|分钟|小时|像素|rpm|lumens?"
    r"|流明|hz)",
    re.IGNORECASE,
)
