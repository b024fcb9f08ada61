"""The nouns of the shop: every row that a conversation reads or leaves behind, a file for each kind.

The floor of the house. Every room may import this one; it imports only the standard library, so that naming a
`Product` never loads a database, a model or a web server. All records are frozen values, and all are to be had here:

    from storage.records import Intent, Need, Product
"""

from storage.records.behaviour import Behaviour, Deed
from storage.records.intents import DEFAULT_STAGE, Intent, Language, Stage
from storage.records.need import Filters, Need, Relaxation, Way, Wish
from storage.records.passage import FoundPassage, Passage
from storage.records.product import Product, Variant
from storage.records.reaction import Event, Feedback, Reaction, SeenCard, SeenPage, Taste
from storage.records.rule import Act, Rule
from storage.records.slate import Answer, Clarification, Reason, ReasonCode, Recommendation, Slate
from storage.records.slots import FILTERED_SLOTS, WISHED_SLOTS, Figure, SlotName
from storage.records.turn import Turn, Update
from storage.records.understanding import Context, PriceRange, Slot, Understanding
from storage.records.vocabulary import Term, Vocabulary

__all__ = [
    "DEFAULT_STAGE",
    "FILTERED_SLOTS",
    "WISHED_SLOTS",
    "Act",
    "Answer",
    "Behaviour",
    "Clarification",
    "Context",
    "Deed",
    "Event",
    "Feedback",
    "Figure",
    "Filters",
    "FoundPassage",
    "Intent",
    "Language",
    "Need",
    "Passage",
    "PriceRange",
    "Product",
    "Reaction",
    "Reason",
    "ReasonCode",
    "Recommendation",
    "Relaxation",
    "Rule",
    "SeenCard",
    "SeenPage",
    "Slate",
    "Slot",
    "SlotName",
    "Stage",
    "Taste",
    "Term",
    "Turn",
    "Understanding",
    "Update",
    "Variant",
    "Vocabulary",
    "Way",
    "Wish",
]
