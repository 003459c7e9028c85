"""The competency questions get the answers that stand beside them, from the description of the sample city."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from tvld.build.drafts import draft
from tvld.build.quads import quads
from tvld.build.vocabulary import questions
from tvld.iris import Base

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "ontology" / "questions").glob("*.rq"))


@pytest.fixture(scope="module")
def stores() -> dict[str, ox.Store]:
    """The content alone, and merged with the release metadata as in the default graph of the endpoint."""
    [city], findings = draft(ROOT / "data", Base("http://127.0.0.1:8000/"))
    assert findings == []
    content, merged = ox.Store(), ox.Store()
    content.extend(quads(city.content))
    merged.extend([*quads(city.content), *quads(city.metadata("2026-11-22-test"))])
    return {"content": content, "merged": merged}


@pytest.mark.parametrize("graph", ["content", "merged"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_question_gets_its_answer(path: Path, graph: str, stores: dict[str, ox.Store]) -> None:
    answer = stores[graph].query(path.read_text(encoding="utf-8")).serialize(format=ox.QueryResultsFormat.CSV)

    assert answer.decode() == path.with_suffix(".csv").read_bytes().decode()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_question_says_what_it_asks_and_who_asks_it(path: Path) -> None:
    question, asker, *query = path.read_text(encoding="utf-8").splitlines()

    assert question.startswith("# ")
    assert question.endswith("?")
    assert asker.startswith("# Asked by: ")
    assert asker.endswith(".")
    assert any(line.startswith("ORDER BY ") for line in query), "an answer in no order is not the same answer twice"
    parameters = [line for line in query if "VALUES" in line and '"' in line]
    assert all("# parameter: " in line for line in parameters)


def test_no_question_and_no_answer_is_left_over() -> None:
    assert len(FILES) >= 14
    assert [path.stem.split("-")[0] for path in FILES] == [f"q{number:02}" for number in range(1, len(FILES) + 1)]
    answers = sorted((ROOT / "ontology" / "questions").glob("*.csv"))
    assert [path.stem for path in answers] == [path.stem for path in FILES]
    # A header and at least one row: an empty answer would also be that of a query that asks nothing.
    assert all(path.read_bytes().count(b"\r\n") >= 2 for path in answers)


def test_questions_are_given_by_name_in_order() -> None:
    named = questions()

    assert list(named) == [path.stem.split("-", 1)[1] for path in FILES]
    assert named["stores-without-materials"].startswith("# Which data stores list no information material?\n")
