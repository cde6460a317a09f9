"""The facts of a tile: what is true of its rows, in English and Spanish, and the check of a rewording.

`explain` computes; `verify` says what a text claims that no fact holds.
"""

from tesela.analytics.facts.explaining import explain
from tesela.analytics.facts.reading import Picture
from tesela.analytics.facts.things import Explanation, Fact, Language, Mark, Number
from tesela.analytics.facts.verify import verify

__all__ = ["Explanation", "Fact", "Language", "Mark", "Number", "Picture", "explain", "verify"]
