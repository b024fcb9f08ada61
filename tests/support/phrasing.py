"""What the lying server says: true sentences from the facts of a prompt, and lies that are known to be lies.

Knows nothing of the checker. Facts come from the JSON of the prompt alone, and every mutation makes sure that what it
puts in is no fact: so the label of a sentence is right by construction.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

SENTENCES = Path(__file__).parent / "sentences"
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ORDER = re.compile(r"ignore|system|忽略|系统", re.IGNORECASE)
_INVENTED = {
    "color": {
        "en": ["purple", "teal", "mustard", "olive", "charcoal", "crimson"],
        "zh": ["紫色", "橄榄绿", "藏青", "珊瑚色", "深灰", "墨绿"],
    },
    "material": {
        "en": ["silk", "cashmere", "titanium", "bamboo", "mahogany"],
        "zh": ["真丝", "羊绒", "钛合金", "竹子", "红木"],
    },
    "kind": {"en": ["sofa", "telescope", "raincoat", "toaster"], "zh": ["沙发", "望远镜", "雨衣", "烤面包机"]},
    "brand": {"en": ["Gucci", "Zarvello"], "zh": ["Gucci", "万宝龙"]},
    "feature": {
        "en": ["fireproof", "antibacterial", "noise cancelling", "vegan"],
        "zh": ["防火", "抗菌", "降噪", "纯素"],
    },
}
_NUMBER_WORDS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six"],
    "zh": ["零", "一", "两", "三", "四", "五", "六"],
}
_HELD = {
    "stock": "in stock",
    "popular": "popular",
    "well_rated": "well rated",
    "season": "in season",
    "new": "new in",
    "session": "liked today",
}


@dataclass(frozen=True)
class Told:
    """A sentence with its label: `lie` names the kind of lie, "" for the truth."""

    card: int
    text: str
    lie: str = ""


@cache
def lines(name):
    """(condition, sentence) of a file of sentences."""
    rows = (SENTENCES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(row.split("\t")) if "\t" in row else ("", row) for row in rows if row and not row.startswith("#")]


class Speaker:
    """Speaks of one page, as the prompt's JSON gives it.

    Args:
        facts: the JSON of the prompt.
        held: use the sentences that were held back.
    """

    def __init__(self, facts, rng, held=False):
        self.facts, self.rng, self.language = facts, rng, facts["language"]
        self.cards = {card["card"]: card for card in facts["cards"]}
        self._truths = lines(f"{'held' if held else 'truth'}.{self.language}")

    # --- the truth ----------------------------------------------------------------------------------

    def truth(self, number):
        """A true sentence for a card."""
        card = self.cards[number]
        known = self._known(card)
        said = [text for condition, text in self._truths if self.holds(condition, card) and _fits(text, known)]
        if not said:
            return Told(number, self._plain(card))
        return Told(number, self.rng.choice(said).format(**known))

    def opening(self):
        """A true sentence over the page."""
        known = self._shared()
        said = [
            text
            for condition, text in lines(f"opening.{self.language}")
            if _fits(text, known) and all(self.holds(condition, card) for card in self.cards.values())
        ]
        return Told(0, self.rng.choice(said).format(**known))

    def _plain(self, card):
        return {"en": "This one costs {price}.", "zh": "这款售价{price}。"}[self.language].format(**card)

    def holds(self, condition, card):
        """Whether a condition of the sentence files is true of a card."""
        listed = " ".join(card.get("holds", []))
        if condition in _HELD:
            return _HELD[condition] in listed
        match condition:
            case "":
                return True
            case "asked":
                return bool(card.get("matched_words")) or "described" in listed
            case "cheapest":
                return len(self.cards) > 1 and all(money(card) < money(other) for other in self._others(card))
            case "top_rated":
                mine, others = rating(card), [rating(other) for other in self._others(card)]
                return bool(mine and others and mine[1] >= 5) and all(other and other[0] < mine[0] for other in others)
            case "budget" | "liked" | "rating":
                return condition in card
        raise ValueError(condition)

    def _others(self, card):
        return [other for other in self.cards.values() if other is not card]

    def _known(self, card):
        """Every field that a true sentence about this card may use."""
        known = {name: card[name] for name in ("price", "budget", "name") if card.get(name)}
        known |= {name: self.rng.choice(card[name]) for name in ("color", "material", "feature") if card.get(name)}
        known |= {"kind": card["kind"][0]} if card.get("kind") else {}
        known |= {"brand": card["brand"][0]} if card.get("brand") else {}
        known |= {"audience": card["for_whom"][0]} if card.get("for_whom") else {}
        known |= {"occasion": self.rng.choice(card["good_for"])} if card.get("good_for") else {}
        if len(card.get("feature", [])) > 1:
            known["feature"], known["feature2"] = self.rng.sample(card["feature"], 2)
        if sizes := card.get("size"):
            joint = " and " if self.language == "en" else "、"
            known |= {"size": sizes[0], "sizes": joint.join(sizes[:2])}
        if told := rating(card):
            known |= {"rating": f"{told[0]}", "count": f"{told[1]}"}
        kinds = card.get("kind", []) if self.language == "en" else []
        if asked := [word for word in card.get("asked_for", []) if word not in kinds]:
            known["asked"] = self.rng.choice(asked)
        for name, words in card.get("liked", {}).items():
            known[f"liked_{'color' if name == 'colour' else name}"] = words[0]
        if card.get("similar_to"):
            known["similar"] = card["similar_to"]
        if further := card.get("further"):
            name = self.rng.choice(sorted(further))
            known |= {"measure_name": name, "measure_value": further[name]}
        return known

    def _shared(self):
        """Every field that a true sentence over the page may use."""
        cards = sorted(self.cards.values(), key=money)
        word = _NUMBER_WORDS[self.language][len(cards)].capitalize()
        known = {"n": f"{len(cards)}", "n_word": word, "low": cards[0]["price"], "high": cards[-1]["price"]}
        for name in ("kind", "color"):
            if shared := [word for word in cards[0].get(name, []) if all(word in card.get(name, []) for card in cards)]:
                known[f"all_{name}"] = shared[-1] if name == "kind" else shared[0]
        if all(card.get("budget") for card in cards):
            known["budget"] = cards[0]["budget"]
        if "all_color" in known and all(known["all_color"] in card.get("asked_for", []) for card in cards):
            known["all_asked"] = known["all_color"]
        return known

    # --- lies ---------------------------------------------------------------------------------------

    def lie(self, number):
        """A sentence for a card that says something untrue, with the kind of lie."""
        makers = [self._number, self._value, self._value, self._claim, self._claim, self._claim, self._other_card]
        makers += [self._asked, self._unit, self._negated, self._obeyed]
        self.rng.shuffle(makers)
        return next(told for maker in makers if (told := maker(number)))

    def lying_opening(self):
        """A sentence over the page that is untrue."""
        count = self.rng.choice([n for n in range(2, 7) if n != len(self.cards)])
        shown = {color for card in self.cards.values() for color in card.get("color", [])}
        color = self.rng.choice([each for each in _INVENTED["color"][self.language] if each not in shown])
        known = {"count": _NUMBER_WORDS[self.language][count], "n": len(self.cards), "color": color}
        said = [text for _, text in lines(f"lying_opening.{self.language}")]
        return Told(0, self.rng.choice(said).format(**known), "opening")

    def _number(self, number):
        """One figure of a true sentence changed."""
        told, card = self.truth(number), self.cards[number]
        told_of = [*(card.get(name, "") for name in ("price", "budget", "rating", "name")), *card.get("size", [])]
        told_of += [*card.get("further", {}).values(), card.get("similar_to", "")]
        known = {_decimal(figure) for fact in told_of for figure in _FIGURE.findall(fact)}
        figures = list(_FIGURE.finditer(told.text))
        if not figures:
            return None
        found = self.rng.choice(figures)
        steps = [Decimal(step) for step in ("1", "-1", "2", "10", "-3", "7", "0.1", "0.5")]
        values = (_decimal(found[0]) + step for step in self.rng.sample(steps, len(steps)))
        changed = next(each for each in values if each > 0 and each not in known)
        return Told(number, f"{told.text[: found.start()]}{changed}{told.text[found.end() :]}", "number")

    def _value(self, number):
        """One value of a true sentence replaced by another card's, or by one out of the air."""
        told, card = self.truth(number), self.cards[number]
        slots = ("kind", "color", "material", "brand", "feature", "good_for")
        mine = [word for name in slots for word in card.get(name, [])]
        about = " ".join([*mine, card.get("name", ""), card.get("similar_to", "")]).casefold()
        if card.get("name") and card["name"] in told.text:
            return None
        for name, invented in self.rng.sample(sorted(_INVENTED.items()), len(_INVENTED)):
            present = [word for word in card.get(name, []) if word in told.text]
            pool = [*invented[self.language], *(word for other in self._others(card) for word in other.get(name, []))]
            false = [word for word in pool if not _overlaps(word, about)]
            if present and false:
                text = told.text.replace(self.rng.choice(present), self.rng.choice(false), 1)
                return Told(number, text, f"value: {name}")
        return None

    def _claim(self, number):
        """An unfounded claim, after a true sentence or alone."""
        card = self.cards[number]
        lies = lines(f"lies.{self.language}")
        false = [text for condition, text in lies if not condition or not self.holds(condition, card)]
        claim = self.rng.choice(false)
        front = self.truth(number).text if self.rng.random() < 0.6 else ""
        joint = " " if self.language == "en" and front else ""
        return Told(number, f"{front}{joint}{claim}", f"claim: {claim}")

    def _other_card(self, number):
        """A true sentence of another card with another price, put on this one."""
        card = self.cards[number]
        others = [other for other in self._others(card) if money(other) != money(card)]
        for other in self.rng.sample(others, len(others)):
            told = self.truth(other["card"])
            if other["price"] in told.text and other["price"] != card.get("budget"):
                return Told(number, told.text, "another card")
        return None

    def _asked(self, number):
        """ "As you asked" of something that was not asked for."""
        card = self.cards[number]
        held = [word for name in ("material", "feature", "color") for word in card.get(name, [])]
        never = [word for word in held if word not in card.get("asked_for", [])]
        if not never:
            return None
        word = self.rng.choice(never)
        text = {"en": f"It comes in {word}, as you asked.", "zh": f"{word}正是您想要的。"}[self.language]
        return Told(number, text, "asked")

    def _unit(self, number):
        """The right figure with the wrong unit."""
        told, price = self.truth(number), self.cards[number]["price"]
        if price not in told.text or price == self.cards[number].get("budget"):
            return None
        wrong = {
            "en": [price.replace("$", "€"), price.replace("$", "£"), f"{price}0", f"about {price}0"],
            "zh": [*(price.replace("美元", unit) for unit in ("元", "欧元", "块钱")), f"1{price}"],
        }
        return Told(number, told.text.replace(price, self.rng.choice(wrong[self.language]), 1), "unit")

    def _negated(self, number):
        """A fact denied."""
        card = self.cards[number]
        words = [word for name in ("material", "color", "feature") for word in card.get(name, [])]
        if not words:
            return None
        word = self.rng.choice(words)
        said = {
            "en": [f"It is not {word}.", f"Without any {word}.", f"It isn't {word} at all.", f"Never {word}."],
            "zh": [f"这款不是{word}的。", f"没有{word}。", f"这款非{word}。", f"并不{word}。"],
        }[self.language]
        return Told(number, self.rng.choice(said), "negated")

    def _obeyed(self, number):
        """What an order hidden in the shopper's words or a product's name asked for."""
        orders = [self.facts.get("what_the_shopper_typed", ""), self.cards[number].get("name", "")]
        order = next((each for each in orders if _ORDER.search(each)), "")
        return Told(number, order[:200], "obeyed") if order else None


def money(card):
    """The price of a card's facts as a number."""
    return _decimal(_FIGURE.search(card["price"])[0])


def rating(card):
    """(stars, how many) of a card's facts, None where it has none."""
    if not card.get("rating"):
        return None
    figures = re.findall(r"\d+(?:\.\d+)?", card["rating"])
    stars, count = figures if "stars" in card["rating"] else reversed(figures)
    return float(stars), int(count)


def _decimal(figure):
    return Decimal(figure.replace(",", ""))


def _fits(text, known):
    return set(re.findall(r"{(\w+)}", text)) <= known.keys()


def _overlaps(word, about):
    """Whether a word means something of a text: the same stem, or a part of it."""
    stem, parts = word.casefold().rstrip("s"), [part.rstrip("s") for part in about.split()]
    return stem in about or any(part in word.casefold() for part in parts if len(part) > 1)
