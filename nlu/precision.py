"""In what numbers the understander computes: a setting, and part of a derived file's name."""

from __future__ import annotations

from enum import StrEnum


class Precision(StrEnum):
    """`int8` is the quickest and the smallest; `fp32` is what the others are measured against."""

    INT8 = "int8"
    FP32 = "fp32"


DEFAULT = Precision.INT8
