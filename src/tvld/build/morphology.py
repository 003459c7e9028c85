"""
A word to its base forms, and to the parts of the compound that it is: `lastensuojeluilmoitusten` to
`lastensuojeluilmoitus`, and to `lapsi`, `lastensuojelu`, `suojeluilmoitus`; and these to all forms in which they are
written.

Finnish by the morphology of Voikko, where it is installed (it is not for Python 3.14 yet); what it does not know, and
the other languages, by rule. Voikko takes some 200 MiB of memory, so it works in a process of its own, which is this
module run as a program: words in, forms out, as JSON.
"""

import gc
import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from tvld import analysis
from tvld.build.inflection import Paradigms
from tvld.errors import OutsideError

# Parts of fewer letters (endings, "ja") would be found everywhere.
_SHORTEST_PART = 3


@dataclass(frozen=True)
class Forms:
    """What a word is found by: `bases` of the whole of it, and `parts` where it is a compound."""

    bases: tuple[str, ...]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """
    What is known of some words: `forms` of each (language, word), and how Finnish bases are `inflected`.

    Of a compound its last part alone is inflected: what stands before it does not change. `known` are the words, as
    they were given and as bases and parts, whose forms are all among `inflected`.
    """

    forms: Mapping[tuple[str, str], Forms]
    inflected: Mapping[str, tuple[str, ...]]
    known: frozenset[str]


def lexicon_of(words: Collection[tuple[str, str]]) -> Lexicon:
    """Look words up (language, word as `analysis.words` cuts it); raises OutsideError where that fails."""
    finnish = sorted(word for language, word in words if language == "fi")
    found = _ask(finnish) if finnish and find_spec("pyvoikko") else {"forms": {}, "inflected": {}, "known": []}
    analysed = {word: Forms(tuple(bases), tuple(parts)) for word, (bases, parts) in found["forms"].items()}
    forms = {
        (language, word): analysed[word] if language == "fi" and word in analysed else _by_rule(language, word)
        for language, word in words
    }
    inflected = {base: tuple(written) for base, written in found["inflected"].items()}
    return Lexicon(forms, inflected, frozenset(found["known"]))


def _by_rule(language: str, word: str) -> Forms:
    return Forms((analysis.stem(word, language) if language in analysis.LANGUAGES else word,))


def _ask(words: list[str]) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", __spec__.name], input=json.dumps(words).encode(), capture_output=True, check=False
    )
    if ended.returncode:
        told = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise OutsideError(f"the forms of Finnish words cannot be found: {told or f'exit {ended.returncode}'}")
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def _analysed(words: list[str]) -> dict[str, Any]:
    import pyvoikko

    # Voikko's millions of objects stay to the end: to look through them for garbage again and again takes long.
    gc.freeze()
    paradigms = Paradigms(pyvoikko.VOIKKO_FST.rules, pyvoikko.VOIKKO_FST.final_states)
    forms: dict[str, tuple[list[str], list[str]]] = {}
    # The last part of each base and each part, in its base form.
    ends: dict[str, str] = {}
    for word in words:
        analyses = pyvoikko.analyse(word)
        runs = [run for each in analyses for run in _runs(each.COMPOUND_PARTS or ())]
        wholes = [(_joined(_run(each.COMPOUND_PARTS or [each])), _last(each)) for each in analyses]
        ends.update(runs + wholes)
        bases = {base for base, _ in wholes}
        if bases:
            forms[word] = (sorted(bases), sorted({run for run, _ in runs} - bases))
    inflected = {end: paradigms.of(end) for end in sorted(set(ends.values())) if len(end) >= _SHORTEST_PART}
    inflected = {end: written for end, written in inflected.items() if written}
    known = {base for base, end in ends.items() if end in inflected}
    known |= {word for word, (bases, _) in forms.items() if known.issuperset(bases)}
    return {"forms": forms, "inflected": inflected, "known": sorted(known)}


def _runs(parts: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Give each run of parts in its base form, and its last: of lasten|suojelu|ilmoitus also lastensuojelu."""
    for start in range(len(parts)):
        for end in range(start, len(parts)):
            run = _joined(_run(parts[start : end + 1]))
            if len(run) >= _SHORTEST_PART:
                yield run, _last(parts[end])


def _run(parts: Sequence[Any]) -> str:
    """Give the base form of parts: only the last has another than it is written in."""
    return "".join(part.FORM for part in parts[:-1]) + str(parts[-1].BASEFORM)


def _last(analysed: Any) -> str:
    return _joined((analysed.COMPOUND_PARTS or [analysed])[-1].BASEFORM)


def _joined(form: str) -> str:
    """Leave hyphens out: a form is one word, as `words` cuts it."""
    return "".join(analysis.words(form))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_analysed(json.load(sys.stdin))))
