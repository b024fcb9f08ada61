"""Ten times the steady rate for a minute, from a crowd that arrives at once: is everybody answered or told, and do
those notice who were talking before?

The steady rate is a fifth of what the machine can do now, so that the burst is twice that, whatever the machine. The
local Bot API has its flood control on. Times are from writing to the first message of the answer that is accepted.
"""

import asyncio
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

from bot.simulator import acts
from bot.simulator.flood import Flood
from bot.simulator.server import LocalBotApi
from storage.shop import Shop
from tests.bench.knee import WatchedBot
from tests.bench.speed import WISHES
from tests.bench.start import ensure_stocked, resident_mb

REGULARS, CROWD = 12, 160
PROBES = 60
CALM_S = 30  # until the bot is calm again


async def measure(stocked: Path, scratch: Path, arguments):
    folder = await ensure_stocked(stocked, scratch / "burst")
    async with LocalBotApi(folder) as api, WatchedBot(folder, api) as bot:
        api.simulator.flood = flood = Flood()
        regulars, crowd = await _people(api, "Regular", REGULARS), await _people(api, "New", CROWD)
        await _settled(api, folder, await _write(api, regulars, REGULARS / 4, 4))
        capacity = await _capacity(api, folder)
        rate, seconds = max(capacity / 5, 0.2), arguments.seconds
        steady = await _write(api, regulars, rate, seconds)
        await _settled(api, folder, steady)
        quiet_mb = resident_mb(bot.process.pid)
        refused, began = flood.refused, time.perf_counter()
        through, burst = await asyncio.gather(
            _write(api, regulars, rate, seconds), _write(api, crowd, 10 * rate, seconds)
        )
        await _settled(api, folder, burst)
        drained = time.perf_counter() - began - seconds
        memory = resident_mb(bot.process.pid)
    found = {
        "turns a second of which the machine is capable now": round(capacity, 1),
        "steady rate, rate of the crowd (messages/s)": f"{rate:.1f}  {10 * rate:.1f}",
    }
    return (
        found
        | _compared(folder, steady, through)
        | _slowest(folder, through)
        | _fates(folder, burst)
        | {
            "seconds until the queue was empty again": round(drained, 1),
            "429s of the server's flood control": flood.refused - refused,
            "peak memory before and after (MB)": f"{quiet_mb}  {memory}",
        }
    )


async def _people(api, name, count):
    people = [lambda store, n=n: acts.join(store, f"{name} {n}", "zh" if n % 2 else "en") for n in range(count)]
    return [(await api.simulator.act(join)).id for join in people]


async def _write(api, people, rate, seconds):
    """Messages at the rate, whether or not answers come; when each was written, by update."""
    written, began = {}, time.perf_counter()
    for number in range(max(1, int(rate * seconds))):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        chat_id = people[number % len(people)]
        at = time.time()
        written[await api.simulator.act(lambda store, c=chat_id, n=number: _say(store, c, n))] = at
    return written


def _say(store, chat_id, number):
    acts.say(store, chat_id, WISHES[(number * 7 + chat_id) % len(WISHES)])
    return store.chats.person(chat_id).last_update_id


async def _capacity(api, folder):
    """Turns a second when more is there than can be worked: by people of their own, who are not asked again."""
    people, written, began = await _people(api, "Probe", PROBES), {}, time.perf_counter()
    for number, chat_id in enumerate(people):
        written[await api.simulator.act(lambda store, c=chat_id, n=number: _say(store, c, n))] = time.time()
    await _settled(api, folder, written)
    found = PROBES / (time.perf_counter() - began)
    await asyncio.sleep(CALM_S)
    return found


async def _settled(api, folder, written):
    while True:
        await asyncio.sleep(0.5)
        if await api.simulator.act(lambda store: store.updates.count()):
            continue
        if not _ask(folder, "SELECT count(*) FROM updates WHERE state = 'new'")[0][0]:
            return


def _compared(folder, steady, through):
    before, during = _times(folder, steady), _times(folder, through)
    return {
        "answers of those who talked before, without and in the burst": f"{len(before)}  {len(during)}",
        "  median without, in the burst (s)": f"{before[len(before) // 2]:.2f}  {during[len(during) // 2]:.2f}",
        "  p99 without, in the burst (s)": f"{_p99(before):.2f}  {_p99(during):.2f}",
        "  p99 in the burst is so many times that without": round(_p99(during) / _p99(before), 1),
        "  answered of those written": f"{len(before) + len(during)} of {len(steady) + len(through)}",
    }


def _times(folder, written):
    return sorted(wait for wait, _ in _waits(folder, written))


def _waits(folder, written):
    """(seconds until the answer, when it was written) of those that were answered."""
    rows = _ask(folder, "SELECT update_id, sent_at FROM sent WHERE ordinal = 0")
    sent = {update: datetime.fromisoformat(at).timestamp() for update, at in rows}
    return [(sent[update] - at, at) for update, at in written.items() if update in sent]


def _slowest(folder, through):
    """When the longest waits began, since they have causes of their own."""
    began, waits = min(through.values()), sorted(_waits(folder, through), reverse=True)
    told = ", ".join(f"{wait:.1f} at {at - began:.0f}" for wait, at in waits[:6])
    return {"  the longest in the burst, and when (s)": told}


def _p99(times):
    return times[min(len(times) - 1, int(len(times) * 0.99))]


def _fates(folder, burst):
    """What became of the crowd's messages. Told: the answer that came says that it is to the newest message only."""
    rows = {
        update: (state, outcome)
        for update, state, outcome in _ask(folder, "SELECT update_id, state, outcome FROM updates")
    }
    outcomes = Counter(rows[update][1] for update in burst)
    notices = _ask(folder, "SELECT count(*) FROM sent WHERE kind = 'notice'")[0][0]
    late = _ask(folder, "SELECT count(*) FROM turns WHERE versions ->> 'flow' = 'late'")[0][0]
    told = sum(outcomes[why] for why in ("overtaken", "flooded", "refused", "stale"))
    times = _times(folder, burst)
    return {
        "messages of the crowd": len(burst),
        "  answered": outcomes["answered"],
        "  told (passed over for a newer one, or to come again)": told,
        "  neither (lost)": len(burst) - outcomes["answered"] - told,
        "  median, longest wait for an answer (s)": f"{times[len(times) // 2]:.1f}  {times[-1]:.1f}",
        "  notices that it takes longer; answers marked as late": f"{notices}  {late}",
    }


def _ask(folder, sql):
    shop = Shop.open(folder, readonly=True)
    try:
        return shop.db.execute(sql).fetchall()
    finally:
        shop.close()
