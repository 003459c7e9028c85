"""
What is new in a release against the one before it: `changes.json`, and `notes/` with a page in every language.

Made from the two contents alone, so the same on every machine. Knows nothing of how differences are found.
"""

from pathlib import Path

from tvld.difference.account import account
from tvld.difference.content import CONTENT, of_file, opened
from tvld.difference.pair import Difference
from tvld.difference.prose import markdown
from tvld.difference.records import records
from tvld.difference.words import LANGUAGES
from tvld.iris import Base

CHANGES = "changes.json"
NOTES = "notes"


def write_notes(previous: Path, target: Path, release: str, base: Base) -> None:
    """
    Write into the folder `target` of a release in the making what differs from the folder `previous`, of the same base.

    Raises ReleaseError where `previous` is damaged.
    """
    made = of_file(target / CONTENT, release, base)
    told = account(Difference(opened(previous), made))
    with (target / CHANGES).open("wb") as file:
        file.writelines(records(told))
    (target / NOTES).mkdir()
    for tag, words in LANGUAGES.items():
        (target / NOTES / f"{tag}.md").write_text(markdown(told, words), encoding="utf-8")
