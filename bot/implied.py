"""Wishes inside the name of a thing: "蓝牙耳机" and "wireless earbuds" name headphones, and say which.

The vocabulary knows such names as whole, so the property would be lost; here it becomes a wish of its own, to be shown
as a chip and matched like any other.
"""

from __future__ import annotations

import re
from dataclasses import replace

from storage.records import Need, SlotName, Vocabulary, Wish


def with_implied(need: Need, vocabulary: Vocabulary) -> Need:
    """The need with the features that its kinds of thing name."""
    kinds = [wish for wish in need.wishes if wish.name is SlotName.CATEGORY and not wish.negated and wish.text]
    held = {wish.value for wish in need.wishes if wish.name is SlotName.FEATURE}
    features = (
        [term for term in vocabulary.terms if term.slot is SlotName.FEATURE and term.value not in held] if kinds else []
    )
    found = [
        Wish(SlotName.FEATURE, term.value, form)
        for term in features
        if (form := next((form for form in (*term.en, *term.zh) for kind in kinds if _inside(form, kind.text)), ""))
    ]
    return replace(need, wishes=(*found, *need.wishes)) if found else need


def _inside(form: str, text: str) -> bool:
    """Whether a form stands inside a longer name, on word borders where it has letters of ours."""
    said = text.casefold()
    if len(said) <= len(form) or form.casefold() not in said:
        return False
    return not form.isascii() or bool(re.search(rf"\b{re.escape(form.casefold())}\b", said))
