"""What a shopper does not want: which spans of a message stand in the scope of a "not".

A scope begins at a negator ("no", "without", "anything but", 不要, 除了) and covers the next span and those joined to
it ("no red or blue", 不要红色和蓝色的); it ends at a comma that joins nothing, at "but", 但, or at the thing itself:
"not a leather bag" refuses leather, not bags. Written for closed phrase lists in the spirit of NegEx
(Chapman et al. 2001, J. Biomed. Inform. 34:301).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.fold import fold
from storage.records import SlotName


@dataclass(frozen=True, slots=True)
class Marked:
    """A span with its slot name: what `negated_among` is asked about."""

    start: int
    end: int
    slot: SlotName


_NEGATORS = re.compile(
    r"(?<![a-z])(?:"
    r"(?:anything|everything|any (?:colou?r|material|brand|kind|size|one)|all) (?:but|except)|other than"
    r"|apart from|aside from|except(?: for)?|besides|excluding"
    r"|(?:do|does|did|would|should|could|can|must|is|are|was|were|wo)n'?t|cannot|(?:do|does|is|are|was|should"
    r"|would) not|without|avoid(?:ing)?|skip(?: the)?|hate|hates|dislike|sick of|tired of"
    r"|not|no(?! (?:need|problem|idea|worries|more than|less than|rush|thanks|thank|matter|\d))|non|never"
    r"|nothing|none|neither|nor|minus|instead of|rather than|allergic to|rid of|less|drop the|enough with the"
    r")(?![a-z])"
    r"|不想要|不需要|不喜欢|不考虑|不爱|不想|不要|别要|不含|不带|不用|不是|不能是|没有|讨厌|拒绝|排除|避开|除了"
    r"|除去|去掉|过敏|别太|别给我|别|非|无(?!线|论|所谓|袖|香|印)|不太?|没(?!问题|关系|事)"
)
_NOT_NEGATING = re.compile(
    r"(?:why|is|are|do|does|did|have|has|was|were|would|could|can) not$|(?:not|n't) (?:only|just|sure|bad"
    r"|too bad)|(?:isn't|aren't|don't|doesn't|didn't|won't|can't) (?:there|you|they|it|that|this|these|we)\b"
    r"|don't (?:care|mind|know)|doesn't matter|not (?:sure|really sure)|不错|不好意思|不知道|不管|不论|不限|不过"
    r"|不但|不仅|不同|不少|不一样|别的|别人|特别|不如|不客气|非常|并非常|除非|没有吗|不粘|不锈"
)
_QUESTION_ZH = re.compile(r"(?:是不是|要不要|有没有|能不能|好不好|可不可以|会不会|喜不喜欢|对不对)")
_OPENING = re.compile(
    r"(?:[\s-]|(?:to|a|an|any|the|some|in|of|made|from|out|with|for|too|so|very|that|this|like|want|need|wear"
    r"|have|get"
    r"|be|been|is|are|it|them|ones?|into|really|looking|interested|see|show|me|more|anything|something|colou?rs?"
    r"|materials?"
    r"|brands?|styles?|fan|big|much|as|my|got|add|buy|going|love|those|these|please)(?![a-z])"
    r"|要|有|是|太|那|种|些|这|的|任何|带|用|穿|买|给我|推荐|看|含|做|了|我|对|喜欢|想|材质|颜色|个|款|件|双|条"
    r"|什么|很|大|过于|么|会)*"
)
_JOINING = re.compile(
    r"[\s色的款]*(?:,?\s*(?:or|nor|and|and also|/|&|\+|、|和|或者?|跟|以及|还有|与|也不要|也别|,也不要)\s*(?:a "
    r"|an |any |the |in |too |太|是|有|要)*)?"
)
_LISTING = re.compile(r"\s*,\s*")
_LATER = re.compile(
    r"(?:的|颜色|款式?|系)*\s*(?:,|就|都|我)?(?:不要|不喜欢|不行|除外|免了|就算了|过敏|不考虑|不好看|不需要"
    r"|不太喜欢)|以外的(?=都|$|[颜款其])"
)
_FREE_OF = re.compile(r"(?:-|\s)(?:free|less)(?![a-z])")
_RULED_OUT = re.compile(
    r"(?: ones?| stuff)?(?: is|'s| are|s)(?: definitely| all)? (?:out(?! of (?!the question)| there| now| yet)"
    r"|off the table|a no[- ]?go|not an option)(?![a-z])"
)
_THING = SlotName.CATEGORY
_PROPERTIES = {SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.BRAND, SlotName.FEATURE, SlotName.OCCASION}
_NEVER = {SlotName.PRICE, SlotName.QUANTITY, SlotName.ORDER_ID, SlotName.ITEM_REF}


def negated_among(text: str, spans: Sequence[Marked]) -> tuple[bool, ...]:
    """For each span whether the shopper does not want it. `spans` are sorted by start. Never raises."""
    if not spans:
        return ()
    folded = fold(text)
    flags = [False] * len(spans)
    for negator in _NEGATORS.finditer(folded):
        if not _negates(folded, negator):
            continue
        for at in _scope(folded, negator.end(), spans):
            flags[at] = True
    for at, span in enumerate(spans):
        if not flags[at] and span.slot not in _NEVER and _refused_after(folded, span.end, spans):
            _mark_back(folded, spans, at, flags)
    return tuple(flag and span.slot not in _NEVER for flag, span in zip(flags, spans, strict=True))


def _negates(folded: str, negator: re.Match[str]) -> bool:
    start, end = negator.span()
    around = folded[max(0, start - 8) : end + 14]
    for exempt in _NOT_NEGATING.finditer(around):
        if exempt.start() < end - max(0, start - 8) and exempt.end() > start - max(0, start - 8):
            return False
    asked = _QUESTION_ZH.search(folded, max(0, start - 2), end + 2)
    return asked is None or asked.start() > start or asked.end() < end


def _scope(folded: str, at: int, spans: Sequence[Marked]) -> list[int]:
    """The spans that a negator ending at `at` covers."""
    opening = _OPENING.match(folded, at)
    reach = opening.end() if opening else at
    first = next((n for n, span in enumerate(spans) if at <= span.start), None)
    if first is None or spans[first].start > reach:
        return []
    covered = [first]
    for n in range(first + 1, len(spans)):
        gap = folded[spans[n - 1].end : spans[n].start]
        if gap.strip(" 的") == "" and spans[n].slot is _THING and spans[n - 1].slot in _PROPERTIES:
            break
        if _JOINING.fullmatch(gap) or (_LISTING.fullmatch(gap) and _lists_on(folded, spans, n)):
            covered.append(n)
            continue
        break
    return covered


def _lists_on(folded: str, spans: Sequence[Marked], at: int) -> bool:
    """Whether the comma before `spans[at]` is one of "red, blue or green"."""
    if at + 1 >= len(spans) or spans[at].slot is not spans[at - 1].slot:
        return False
    gap = folded[spans[at].end : spans[at + 1].start].strip(" ,")
    return gap.split(" ")[0] in ("or", "nor") or gap in ("或", "或者")


def _refused_after(folded: str, end: int, spans: Sequence[Marked]) -> bool:
    """Whether a refusal follows ("leather-free", 皮的不要) that is not of what comes next: 连衣裙不要黑色."""
    refusal = _LATER.match(folded, end)
    if refusal is None:
        return bool(_FREE_OF.match(folded, end) or _RULED_OUT.match(folded, end))
    return not _scope(folded, refusal.end(), spans)


def _mark_back(folded: str, spans: Sequence[Marked], at: int, flags: list[bool]) -> None:
    """ "皮的不要", "红色和蓝色的都不要": a refusal said last, with what is joined before it."""
    flags[at] = True
    while at and folded[spans[at - 1].end : spans[at].start].strip(" 的色") in (
        "和",
        "或",
        "或者",
        "跟",
        "、",
        "or",
        "and",
    ):
        at -= 1
        flags[at] = True
