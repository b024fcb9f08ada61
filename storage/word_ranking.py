"""The best full-text matches among the admitted products, by number.

What costs is bm25 of every match, and reading the wide row of every match to see whether it is admitted. So the
limits come as flags by product number: few admitted products are handed to SQLite, which then scores no other; where
many are, the best of all matches are fetched and the others struck out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

_FEW, _FEW_SHARE = 20_000, 0.3  # products, and of all: handing over more costs more than scoring all matches
_SPARE = 32
_FURTHER = 8  # times as many are looked at where the first did not do


def ranked(
    db: Database, match: str, flags: NDArray[np.bool_], weights: Sequence[float], limit: int
) -> list[tuple[int, float]]:
    """Numbers with their scores, the best first, equals by number.

    Args:
        db: with the table `product_text`.
        match: an FTS5 query.
        flags: whether each product number is admitted.
        weights: of the table's columns.
        limit: how many at most.
    """
    admitted = int(np.count_nonzero(flags))
    score = f"-bm25(product_text, {', '.join(map(str, weights))}) AS score"
    if not admitted:
        return []
    if admitted <= min(_FEW, _FEW_SHARE * len(flags)):
        # The plus keeps SQLite from looking each number up in the index instead.
        sql = f"""SELECT rowid, {score} FROM product_text WHERE product_text MATCH ?
        AND +rowid IN (SELECT value FROM json_each(?)) ORDER BY score DESC, rowid LIMIT ?"""
        return list(db.execute(sql, [match, json.dumps(np.flatnonzero(flags).tolist()), limit]))
    sql = f"SELECT rowid, {score} FROM product_text WHERE product_text MATCH ? ORDER BY score DESC, rowid LIMIT ?"
    looked_at = limit * len(flags) // admitted + limit // 2 + _SPARE
    while True:
        found = db.execute(sql, [match, looked_at]).fetchall()
        kept = [(number, value) for number, value in found if number < len(flags) and flags[number]]
        if len(kept) >= limit or len(found) < looked_at:
            return kept[:limit]
        looked_at *= _FURTHER
