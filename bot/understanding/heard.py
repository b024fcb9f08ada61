"""A message as it was meant to be said: in simplified characters, without its slips and what it takes back, with the
person and the property that it names in passing. Pure.
"""

from __future__ import annotations

from bot.understanding.corrected import corrected
from bot.understanding.for_whom import for_whom
from bot.understanding.simplified import in_simplified
from bot.understanding.slips import put_right
from bot.understanding.which_ones import with_which_ones
from storage.records import Need, Understanding, Vocabulary


def heard_as(said: Understanding, need: Need, vocabulary: Vocabulary) -> Understanding:
    """The reading to go on from; itself where the message says no more than was read. `need`: what was wanted."""
    right = corrected(put_right(in_simplified(said), vocabulary))
    return with_which_ones(for_whom(right, need))
