"""Hours of steady talk, compressed in time: does the bot hold more and more?

    python -m tests.bench soak --hours 6        21,600 turns (one a second), as fast as they go
    python -m tests.bench soak --hours 0.5 --plot docs/soak.png

New shoppers come all the time, write and tap, and go; what is looked for varies without end. The nightly work is done
at the half, and the bot is idle for a moment now and then, as a shop is. A line through the second half judges.
"""

import asyncio
import itertools
import json
import random
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from bot.simulator import acts
from bot.simulator.acts import ActError
from bot.simulator.server import LocalBotApi
from tests.bench.start import ensure_stocked
from tests.support.forked import ForkedBot
from tests.support.sampled import draw, sample, trends

AT_ONCE = 12
EVERY = 240  # turns between two samples
IDLE_S = 2.0  # at each sample: what waits for a quiet moment is done then
PATIENCE_S = 15.0  # who hears nothing, because a person has the talk, goes
COLORS = {
    "en": ["red", "blue", "black", "green", "white", "beige", "grey"],
    "zh": ["红色", "蓝色", "黑色", "绿色", "白色", "灰色"],
}
THINGS = {
    "en": ["dress", "running shoes", "headphones", "lamp", "backpack", "mug", "t-shirt", "hiking boots", "scarf"],
    "zh": ["连衣裙", "跑鞋", "耳机", "台灯", "双肩包", "保温杯", "衬衫", "围巾"],
}
OTHERS = {
    "en": ["hello", "thanks", "more", "cheaper", "compare the first two", "what is it made of?", "add the first one",
           "show my cart", "do you ship to Norway?", "where is my order?", "in blue", "/help", "a gift for my dad"],
    "zh": ["你好", "谢谢", "换一批", "便宜点的", "比较前两个", "是什么材质的?", "把第一个加入购物车", "看看购物车",
           "包邮吗?", "我的订单在哪里?", "要蓝色的", "/help", "送爸爸的礼物"],
}  # fmt: skip


async def measure(stocked: Path, scratch: Path, arguments):
    folder = await ensure_stocked(stocked, scratch / "soak")
    return await soak(folder, int(arguments.hours * 3600), arguments.plot)


async def soak(folder: Path, turns: int, plot: Path | None = None, told=lambda sample: None):
    """The figures of `turns` turns on a stocked folder. Samples are kept beside it, in `samples.jsonl`."""
    temporary = folder.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    began = time.monotonic()
    async with LocalBotApi(folder.parent / "telegram") as api:
        bot = ForkedBot(folder, api, TMPDIR=str(temporary), SAMPLED="2")
        await bot.start()
        samples = await _run(api, bot, folder, temporary, turns, told)
        code = await bot.stop()
    if plot:
        draw(samples, plot)
    found = trends(samples)
    return {
        "turns, shoppers at once": f"{turns}, {AT_ONCE}",
        **{f"{trend.name}: {_span(trend)}": "GROWS" if trend.grows else "flat" for trend in found.values()},
        "exit code": code,
        "minutes": round((time.monotonic() - began) / 60, 1),
    }


def _span(trend):
    return f"{trend.start:.1f} to {trend.end:.1f}, {trend.slope:+.2f} (error {trend.error:.2f}) for 1,000 turns"


async def _run(api, bot, folder, temporary, turns, told):
    counter, samples = itertools.count(1), []
    with (folder.parent / "samples.jsonl").open("w", encoding="utf-8") as kept:
        for start in range(0, turns, EVERY):
            share = [EVERY // AT_ONCE] * AT_ONCE
            await asyncio.gather(*(_talks(api, next(counter), count) for count in share))
            await asyncio.sleep(IDLE_S)
            samples.append(sample(bot.pid, folder, temporary, start + EVERY))
            kept.write(json.dumps(asdict(samples[-1])) + "\n")
            kept.flush()
            told(samples[-1])
            if start < turns // 2 <= start + EVERY:
                await _night(folder)
    return samples


async def _night(folder):
    command = [sys.executable, "-m", "bot", "night", "--data", str(folder)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-500:])


async def _talks(api, seed, turns):
    """Some shoppers, one after the other, until so many turns are done."""
    rng = random.Random(seed)
    while turns > 0:
        language = rng.choice(("en", "zh"))
        person = await api.simulator.act(lambda store, to=language: acts.join(store, "Ann", to))
        for _ in range(min(turns, rng.randint(3, 12))):
            turns -= 1
            if not await _turn(api, person.id, language, rng):
                break


async def _turn(api, chat, language, rng):
    """A message or a tap, and waiting for what comes of it; whether the shopper goes on."""
    heard = api.simulator.feed.tally(chat).heard
    labels = await api.simulator.act(lambda store: _labels(store, chat)) if rng.random() < 0.35 else []
    if labels:
        message, data = rng.choice(labels)
        try:
            await api.simulator.act(lambda store: acts.tap(store, chat, data=data, message_id=message))
        except ActError:
            return True
    else:
        text = _words(language, rng)
        await api.simulator.act(lambda store: acts.say(store, chat, text))
    return await _answered(api, chat, heard, 1.5 if labels else PATIENCE_S) or bool(labels)


async def _answered(api, chat, heard, patience):
    """Until something was said, for a tap that only rings a toast not for long; whether it was."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        tally = api.simulator.feed.tally(chat)
        if tally.heard > heard:
            return True
        await api.simulator.feed.changed(chat, tally.version, ends - time.monotonic())
    return False


def _words(language, rng):
    if rng.random() < 0.4:
        return rng.choice(OTHERS[language])
    color, thing, price = rng.choice(COLORS[language]), rng.choice(THINGS[language]), rng.randint(15, 300)
    return f"{color} {thing} under ${price}" if language == "en" else f"{price}元以内的{color}{thing}"


def _labels(store, chat):
    """(message, data) of the buttons on the newest messages."""
    found = []
    for message in store.chats.history(chat)[-4:]:
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            found += [(message["message_id"], button["callback_data"]) for button in row if "callback_data" in button]
    return found
