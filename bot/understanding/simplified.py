"""A message as the bot's own words read it: whoever writes 圖片 or 換個顏色 says 图片 and 换个颜色.

The cue files and the patterns beside them hold simplified characters only. The transcript keeps what was written.
"""

from __future__ import annotations

from dataclasses import replace

from nlu.fold import simplified
from storage.records import Understanding


def in_simplified(said: Understanding) -> Understanding:
    """The reading with its text and its slots in simplified characters, every place as it was; itself where it has no
    other.
    """
    text = simplified(said.text)
    if text == said.text:
        return said
    slots = tuple(replace(slot, text=simplified(slot.text), value=simplified(slot.value)) for slot in said.slots)
    return replace(said, text=text, slots=slots)
