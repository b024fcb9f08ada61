"""Adapters for tests of evaluation, made of the shipped one: a clumsier copy, and one with labels of another trade."""

import json

import numpy as np

from nlu.artifact import SHIPPED, Artifact, load_artifact, save_artifact
from nlu.ngrams import PREFIX

ROWS = [
    {"text": "show me a red dress", "intent": "search", "lang": "en", "source": "written/casual/en/1",
     "slots": [{"name": "color", "start": 10, "end": 13}, {"name": "category", "start": 14, "end": 19}]},
    {"text": "thank you", "intent": "thanks", "lang": "en", "slots": [], "source": "written/casual/en/2"},
    {"text": "what's the capital of France <b>&", "intent": "out_of_scope", "lang": "en", "slots": []},
    {"text": "not red", "intent": "refine", "lang": "en", "context": {"asked": None, "shown": 3},
     "slots": [{"name": "color", "start": 4, "end": 7, "negated": True}]},
    {"text": "goodbye", "intent": "goodbye", "lang": "en"},
    {"text": "找红色的连衣裙", "intent": "search", "lang": "zh"},
    {"text": "谢谢", "intent": "thanks", "lang": "zh"},
    {"text": "今天天气怎么样", "intent": "out_of_scope", "lang": "zh"},
]  # fmt: skip


def write_rows(path, rows=ROWS):
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


def clumsy(folder):
    """A copy that never says thanks."""
    shipped = load_artifact(SHIPPED / "understander", "understander")
    tensors = {name: tensor.copy() for name, tensor in shipped.tensors.items()}
    tensors["heads.intent.bias"][shipped.meta["labels"].index("thanks")] = -50
    save_artifact(folder, Artifact(dict(shipped.meta), tensors))
    return folder


def of_another_trade(folder):
    """Two labels of the shipped one under other names, and a threshold beyond which a message is neither."""
    shipped = load_artifact(SHIPPED / "understander", "understander")
    kept = [shipped.meta["labels"].index(name) for name in ("search", "thanks")]
    tensors = {
        name: tensor[kept] if name.startswith(("heads.intent.", "heads.also.")) else tensor
        for name, tensor in shipped.tensors.items()
        if not name.startswith(PREFIX)
    }
    thresholds = {"also": 0.99, "outlier": "logit", "outside": -2.0}
    meta = {**shipped.meta, "labels": ["FIND", "PRAISE"], "thresholds": thresholds}
    save_artifact(folder, Artifact(meta, {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}))
    return folder
