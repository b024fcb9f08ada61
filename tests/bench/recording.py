"""What recording a turn costs: `Transcripts.begin` and `finish` as the bot calls them, durable commits included.

    python -m tests.bench.recording                    an empty shop in a temporary folder
    python -m tests.bench.recording --data year        a copy of nothing: the turns are written there (see year.py)

Two in three turns show a page of three cards and keep twenty more candidates, as live turns do.
"""

import argparse
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from storage.records import (
    Intent,
    Need,
    Product,
    Reason,
    ReasonCode,
    Recommendation,
    Slate,
    Stage,
    Turn,
    Understanding,
    Wish,
)
from storage.records import SlotName as Slot
from storage.shop import Shop

TEXTS = (
    "a red dress under $60, not polyester",
    "200元以内的蓝牙耳机",
    "cheaper, in blue",
    "有没有黑色的亚麻衬衫",
    "thanks",
)
FEATURES = ("text_lexical", "text_dense", "text_fused", "price_fit", "rating", "popularity", "stock", "freshness")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recording", description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", type=Path, help="a data folder to write into (default: a new one)")
    parser.add_argument("--turns", type=int, default=2000, help="turns to record (default 2000)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shopbot-recording-") as scratch:
        shop = Shop.open(arguments.data or Path(scratch))
        shop.catalogue.upsert([_product(number) for number in range(23)])
        began, finished = _record(shop, arguments.turns)
        shop.close()
    for name, times in (("begin", began), ("finish", finished)):
        times = sorted(times)
        print(f"{name:<8} median {statistics.median(times):6.2f} ms   p95 {times[int(len(times) * 0.95)]:6.2f} ms")
    print(f"{'both':<8} median {statistics.median(map(sum, zip(began, finished, strict=True))):6.2f} ms")
    return 0


def _record(shop: Shop, turns: int) -> tuple[list[float], list[float]]:
    slate, began, finished = _slate(), [], []
    start = shop.db.execute("SELECT coalesce(max(update_id), 0) FROM turns").fetchone()[0]
    at = datetime.now(UTC)
    for number in range(1, turns + 1):
        text = TEXTS[number % len(TEXTS)]
        said = at + timedelta(seconds=number)
        user = 9_000_000 + number // 8
        clock = time.perf_counter()
        turn = shop.transcripts.begin(Turn(start + number, user, user, text, said))
        between = time.perf_counter()
        shop.transcripts.finish(
            turn.id,
            understanding=Understanding(text, "en", Intent.SEARCH, 0.9, ((Intent.SEARCH, 0.9),), Stage.BROWSE),
            need=Need(text, wishes=(Wish(Slot.COLOR, "red", "red"),)),
            slate=slate if number % 3 else None,
            reply='{"language": "en", "lines": []}',
            timings={"recall": 3.1, "understand": 9.7, "search": 31.2},
            versions={"understander": "lora-2026-11", "index": "minilm-1"},
            degraded=False,
        )
        began.append((between - clock) * 1000)
        finished.append((time.perf_counter() - between) * 1000)
    return began, finished


def _product(number: int) -> Product:
    return Product(f"bench-{number}", f"Larkhill linen dress {number}", Decimal("39.90"), "USD", f"亚麻连衣裙 {number}")


def _slate() -> Slate:
    items = tuple(
        Recommendation(
            product=_product(number),
            position=number + 1 if number < 3 else 0,
            score=0.9 - number / 50,
            features=dict.fromkeys(FEATURES, 0.123456),
            parts=dict.fromkeys(FEATURES, 0.0123456),
            reasons=(Reason(ReasonCode.WITHIN_BUDGET, {"price": Decimal("39.90"), "limit": Decimal("60.00")}),),
        )
        for number in range(23)
    )
    return Slate(items, "minilm-1", "thompson", 42, 3, admitted=120)


if __name__ == "__main__":
    sys.exit(main())
