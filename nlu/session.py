"""Opening an ONNX file for serving on the CPU."""

from __future__ import annotations

from pathlib import Path
from weakref import WeakValueDictionary

from onnxruntime import InferenceSession, SessionOptions

from nlu.artifact import ModelBroken

_SLOWER_ON_CPU = ("SkipLayerNormFusion", "EmbedLayerNormFusion")
"""A sum and a LayerNorm in one node are a plain loop there, three times as slow as the two nodes."""

_File = tuple[int, int, int, int]
"""What names a file's contents without reading them: device, number, size and time of change."""
_opened: WeakValueDictionary[tuple[_File, int], InferenceSession] = WeakValueDictionary()


class DerivedBroken(ModelBroken):
    """A file in the cache is damaged: `path`, which may be deleted, for it can be derived again."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be opened; delete it and it is derived again.")
        self.path = path


def open_session(path: Path, threads: int = 1) -> InferenceSession:
    """A session that computes with `threads` threads. DerivedBroken where the file is not a model.

    Who opens a file that is open already gets the same session, which keeps nothing between calls: a second model on
    the same encoder, or a second bot in one process, costs neither half a second nor 100 MB more.
    """
    try:
        found = path.stat()
        key = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns), threads
        session = _opened.get(key)
        if session is None:
            session = _opened[key] = _create(path, threads)
    except Exception as error:  # onnxruntime's errors have no common public base
        raise DerivedBroken(path) from error
    return session


def _create(path: Path, threads: int) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # batches of many lengths would keep an arena each
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads leave the cores to others
    return InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(_SLOWER_ON_CPU)
    )
