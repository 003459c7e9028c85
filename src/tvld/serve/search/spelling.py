"""Words that nothing has, taken for words that are spelt almost so or hold them."""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tvld import analysis

_MOST = 12
_SHORTEST_INFIX, _SHORTEST_FUZZY = 4, 4


class Spelling:
    """All words of an index, each with the number of things that have it."""

    def __init__(self, words: Sequence[tuple[str, int]]) -> None:
        self._words = [word for word, _ in words]
        self._folded = [analysis.folded(word) for word in self._words]
        self._things = [things for _, things in words]

    def instead(self, word: str) -> tuple[str, ...]:
        """Give the words of the index that hold a word, or are spelt almost so; the most used first."""
        folded = analysis.folded(word)
        same = [number for number, other in enumerate(self._folded) if other == folded]
        if not same and len(folded) >= _SHORTEST_INFIX:
            same = [number for number, other in enumerate(self._folded) if folded in other]
        if not same and len(folded) >= _SHORTEST_FUZZY:
            same = self._almost(folded)
        best = sorted(same, key=lambda number: (-self._things[number], self._words[number]))
        return tuple(self._words[number] for number in best[:_MOST])

    def _almost(self, folded: str) -> list[int]:
        """Find what differs by one letter in a short word, by two in a long one, and only what differs least."""
        most = 1 if len(folded) < 8 else 2
        near = process.extract(folded, self._folded, scorer=OSA.distance, score_cutoff=most, limit=None)
        if not near:
            # The end of a word is often still to come, or is an ending that no base form has.
            near = [
                (word, distance, number)
                for number, word in enumerate(self._folded)
                if len(word) > len(folded)
                and (distance := OSA.distance(folded, word[: len(folded)], score_cutoff=1)) <= 1
            ]
        least = min((distance for _, distance, _ in near), default=0)
        return [number for _, distance, number in near if distance == least]
