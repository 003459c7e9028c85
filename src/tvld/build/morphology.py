"""
A word to its base forms, and to the parts of the compound that it is: `lastensuojeluilmoitusten` to
`lastensuojeluilmoitus`, and to `lapsi`, `lastensuojelu`, `suojeluilmoitus`.

Finnish by the morphology of Voikko, where it is installed (it is not for Python 3.14 yet); what it does not know, and
the other languages, by rule. Voikko takes some 200 MiB of memory, so it works in a process of its own, which is this
module run as a program: words in, forms out, as JSON.
"""

import json
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from tvld import analysis
from tvld.errors import OutsideError

# Parts of fewer letters (endings, "ja") would be found everywhere.
_SHORTEST_PART = 3


@dataclass(frozen=True)
class Forms:
    """What a word is found by: `bases` of the whole of it, and `parts` where it is a compound."""

    bases: tuple[str, ...]
    parts: tuple[str, ...] = ()


def forms_of(words: Collection[tuple[str, str]]) -> dict[tuple[str, str], Forms]:
    """Give the forms of words (language, word as `analysis.words` cuts it); raises OutsideError where that fails."""
    finnish = sorted(word for language, word in words if language == "fi")
    known = _ask(finnish) if finnish and find_spec("pyvoikko") else {}
    return {
        (language, word): known[word] if language == "fi" and word in known else _by_rule(language, word)
        for language, word in words
    }


def _by_rule(language: str, word: str) -> Forms:
    return Forms((analysis.stem(word, language) if language in analysis.LANGUAGES else word,))


def _ask(words: list[str]) -> dict[str, Forms]:
    ended = subprocess.run(
        [sys.executable, "-m", __spec__.name], input=json.dumps(words).encode(), capture_output=True, check=False
    )
    if ended.returncode:
        told = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise OutsideError(f"the forms of Finnish words cannot be found: {told or f'exit {ended.returncode}'}")
    return {word: Forms(tuple(bases), tuple(parts)) for word, (bases, parts) in json.loads(ended.stdout).items()}


def _analysed(words: list[str]) -> dict[str, tuple[list[str], list[str]]]:
    import pyvoikko

    found = {}
    for word in words:
        analyses = pyvoikko.analyse(word)
        bases = sorted({_joined(each.BASEFORM) for each in analyses})
        parts = {part for each in analyses for part in _parts(each.COMPOUND_PARTS or ())}
        if bases:
            found[word] = (bases, sorted(parts.difference(bases)))
    return found


def _parts(found: Collection[Any]) -> Iterator[str]:
    """Give each run of parts in its base form: of lasten|suojelu|ilmoitus also lastensuojelu and suojeluilmoitus."""
    each = list(found)
    for start in range(len(each)):
        for end in range(start, len(each)):
            run = "".join(part.FORM for part in each[start:end]) + each[end].BASEFORM
            if len(run) >= _SHORTEST_PART:
                yield _joined(run)


def _joined(form: str) -> str:
    """Leave hyphens out: a form is one word, as `words` cuts it."""
    return "".join(analysis.words(form))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_analysed(json.load(sys.stdin))))
