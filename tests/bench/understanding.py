"""One message understood, messages a second, and what eight bits cost: the shipped export beside plain PyTorch.

    python -m tests.bench understanding

Everything that is compared takes turns message by message, so that other work on the machine meets all alike. "CPU" is
the time that the processor worked for us, "wall" what a shopper waits: they part where others want the processor too.
Messages are of finetune/data/dev.jsonl; tokens are as the network sees them, with both marks.
"""

import statistics
import time
from collections import defaultdict
from itertools import islice, pairwise
from pathlib import Path

from finetune.examples import read_examples
from finetune.metrics import Judged, accuracy, slots
from nlu.artifact import SHIPPED, load_artifact
from nlu.joint import JointUnderstander
from nlu.loading import load_understander
from nlu.precision import Precision
from nlu.tags import Span
from storage.terms import base_vocabulary

DATA = Path("finetune/data")
TOKENS = range(13, 18)  # about fifteen
MESSAGES = 60  # of each language
ROUNDS = 3
SUSTAINED = 600
STAGES = ("rules and tokens", "network", "decoding", "values")


async def measure(stocked, scratch, arguments):
    models = scratch / "models"
    dev = read_examples([DATA / "dev.jsonl"])
    with_onnx = {f"ONNX {p}": load_understander(models, base_vocabulary(), precision=p, threads=2) for p in Precision}
    alone = {**with_onnx, "PyTorch fp32": with_torch(1)}
    found = {}
    chosen = about_fifteen(dev, with_onnx["ONNX int8"])
    for language, messages in chosen.items():
        found |= one_by_one(alone, messages, language)
    together = {**with_onnx, "PyTorch fp32, one by one": alone["PyTorch fp32"], "PyTorch fp32, by 32": with_torch(32)}
    kinds = {
        "of all lengths": [(e.text, e.context) for e in dev[:: max(1, len(dev) // SUSTAINED)]],
        "of about 15 tokens": [message for messages in chosen.values() for message in messages],
    }
    for kind, messages in kinds.items():
        found |= sustained(together, messages, kind)
    for name in ("dev", "challenge"):
        found |= costs(with_onnx, read_examples([DATA / f"{name}.jsonl"]), name)
    return found


def with_torch(together):
    """The same network and the same rules around it, computed by plain PyTorch on the CPU."""
    from nlu.torch_session import TorchNetwork

    encoder, understander = (load_artifact(SHIPPED / kind, kind) for kind in ("encoder", "understander"))
    network = TorchNetwork(encoder, understander, "cpu", together)
    return JointUnderstander(network, understander, encoder.meta["characters"], base_vocabulary())


def about_fifteen(examples, understander):
    """Messages of that many tokens, by language."""
    found = defaultdict(list)
    for example in examples:
        if len(understander.reader(example.text, example.context).encoding) in TOKENS:
            found[example.language].append((example.text, example.context))
    return {language: list(islice(messages, MESSAGES)) for language, messages in sorted(found.items())}


def one_by_one(understanders, messages, language):
    """Medians of one message on one thread, whole and stage by stage."""
    from torch import set_num_threads

    set_num_threads(1)
    walls, cpus = defaultdict(list), defaultdict(list)
    for round_ in range(ROUNDS + 1):
        for text, context in messages:
            for name, understander in understanders.items():
                wall, cpu = time.perf_counter(), time.thread_time()
                understander.understand(text, context)
                cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
                if round_:  # the first warms up
                    walls[name].append(wall * 1e3)
                    cpus[name].append(cpu * 1e3)
    found = {f"{language}: messages of 13 to 17 tokens": len(messages)}
    for name in understanders:
        wall, cpu = (f"{statistics.median(t[name]):.2f}  {at_95(t[name]):.2f}" for t in (walls, cpus))
        found[f"{language}, {name}: wall median, p95 (ms)"] = wall
        found[f"{language}, {name}: CPU median, p95 (ms)"] = cpu
    return found | stages(understanders["ONNX int8"], messages, language)


def stages(understander, messages, language):
    """The CPU time of what follows one upon the other in `understand`."""
    laps = defaultdict(list)
    for text, context in messages * ROUNDS:
        clock = [time.thread_time()]
        message = understander.reader(text, context)
        clock.append(time.thread_time())
        [logits] = understander.network([message])
        clock.append(time.thread_time())
        reading = understander.decode(logits, message.words, text)
        clock.append(time.thread_time())
        understander.whole(text, message, reading)
        clock.append(time.thread_time())
        for stage, (before, after) in zip(STAGES, pairwise(clock), strict=True):
            laps[stage].append((after - before) * 1e3)
    return {
        f"{language}, ONNX int8, {stage}: CPU median (ms)": f"{statistics.median(t):.2f}" for stage, t in laps.items()
    }


def sustained(understanders, messages, kind):
    """Messages a second with two threads; the rounds take turns."""
    from torch import set_num_threads

    set_num_threads(2)
    walls, cpus = defaultdict(list), defaultdict(list)
    for _ in range(ROUNDS):
        for name, understander in understanders.items():
            wall, cpu = time.perf_counter(), time.process_time()
            understander.understand_many(messages)
            cpus[name].append(len(messages) / (time.process_time() - cpu))
            walls[name].append(len(messages) / (time.perf_counter() - wall))
    return {
        f"{name}, {len(messages)} messages {kind}: a second; a second of CPU": (
            f"{statistics.median(walls[name]):.0f}  {statistics.median(cpus[name]):.0f}"
        )
        for name in understanders
    }


def costs(understanders, examples, split):
    """Intent accuracy and slot F1 of each export, in points, and what eight bits take away."""
    scores = {}
    for name, understander in understanders.items():
        read = understander.understand_many([(e.text, e.context) for e in examples])
        judged = [
            Judged(
                e.intent, str(u.intent), u.confidence, e.also, tuple(map(str, u.also)), e.spans,
                tuple(Span(s.name, s.start, s.end, s.negated) for s in u.slots),
            )
            for e, u in zip(examples, read, strict=True)
        ]  # fmt: skip
        scores[name] = 100 * accuracy(judged), 100 * slots(judged)["all"].f1
    found = {f"{split}, {name}: accuracy, slot F1 (%)": f"{a:.2f}  {f:.2f}" for name, (a, f) in scores.items()}
    lost = [b - a for a, b in zip(scores["ONNX fp32"], scores["ONNX int8"], strict=True)]
    return found | {f"{split}: int8 less fp32 (points)": f"{lost[0]:+.2f}  {lost[1]:+.2f}"}


def at_95(times):
    return sorted(times)[int(len(times) * 0.95)]
