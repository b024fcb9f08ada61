"""Dot products of one vector with many, in eight bits, each with how far it may be off at most.

    dots = CoarseDots(matrix)              # (n, 384) float32
    roughly, slack = dots(vector)          # |roughly - matrix @ vector| <= slack, row by row

Comparing a vector with a hundred thousand others costs what reading them from memory costs, and bytes are a quarter of
floats. Whoever needs the nearest then computes exactly only what may be among them: some hundreds of rows. numpy has no
eight-bit product, so it is ONNX Runtime's MatMulInteger, unsigned by unsigned: on AVX2 the signed ones overflow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

Floats = NDArray[np.float32]
_STEPS, _ZERO = 127, 128  # the largest number either way, and what stands for 0
_ROUNDING = 1e-5  # of sums of 384 floats


class CoarseDots:
    """A matrix in eight bits, each row with its own scale, ready to be multiplied."""

    def __init__(self, matrix: Floats, threads: int = 1) -> None:
        """`matrix`: (n, d), of rows about as long as 1. Takes some 20 microseconds a row."""
        self._scales = np.maximum(np.abs(matrix).max(axis=1, initial=0.0), 1e-12) / np.float32(_STEPS)
        whole = np.rint(matrix / self._scales[:, None])
        whole *= self._scales[:, None]
        self._longest = float(np.linalg.norm(whole, axis=1).max(initial=0.0))
        self._off = np.linalg.norm(matrix - whole, axis=1)
        whole /= self._scales[:, None]
        self._session = _session((np.rint(whole) + _ZERO).astype(np.uint8), threads)

    def __call__(self, vector: Floats) -> tuple[Floats, Floats]:
        """The products with a (d,) vector, and the most by which each may be off, (n,) and (n,)."""
        scale = max(float(np.abs(vector).max(initial=0.0)), 1e-12) / _STEPS
        whole = np.rint(vector / scale)
        off = float(np.linalg.norm(vector - whole * scale))
        (sums,) = self._session.run(None, {"vector": (whole + _ZERO).astype(np.uint8)[None, :]})
        roughly = sums[0].astype(np.float32)
        roughly *= self._scales
        roughly *= np.float32(scale)
        slack = self._off * np.float32(np.linalg.norm(vector))
        slack += np.float32(self._longest * off + _ROUNDING)
        return roughly, slack


def _session(rows: NDArray[np.uint8], threads: int) -> InferenceSession:
    """A network of one product; the matrix is part of it, so that it is laid out for multiplying once."""
    from onnx import TensorProto, helper, numpy_helper  # takes a while, and only the preparing of an index needs it

    count, width = rows.shape
    zero = np.array(_ZERO, dtype=np.uint8)
    weights = [numpy_helper.from_array(np.ascontiguousarray(rows.T), "rows")]
    weights += [numpy_helper.from_array(zero, name) for name in ("vector_zero", "rows_zero")]
    node = helper.make_node("MatMulInteger", ["vector", "rows", "vector_zero", "rows_zero"], ["sums"])
    graph = helper.make_graph(
        [node],
        "dots",
        [helper.make_tensor_value_info("vector", TensorProto.UINT8, [1, width])],
        [helper.make_tensor_value_info("sums", TensorProto.INT32, [1, count])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
