"""How concrete an agreement is: the cases as a table."""

from types import SimpleNamespace

import pytest

from matrix.concreteness import concreteness

FULL = {
    "lead_id": 1, "title": "Elke week het portiek schoonmaken", "goal": "", "kind": "", "start": "2027-01-04",
    "end": "2027-12-31", "means": "€ 4.000 uit leefbaarheid", "measure": "Twee klachten minder per maand",
    "residents_notice": "Het portiek is schoon",
}  # fmt: skip


def brings(text, organisation="Gemeente", pk=2):
    return SimpleNamespace(organisation=organisation, organisation_id=pk, text=text)


@pytest.mark.parametrize(
    ("changed", "contributions", "missing"),
    [
        ({}, [], {}),
        ({"lead_id": None}, [], {"wie": ["geen trekker"]}),
        ({"start": None}, [], {"wanneer": ["geen begindatum"]}),
        ({"end": None}, [], {"wanneer": ["geen einddatum"]}),
        ({"means": ""}, [], {"waarmee": ["geen middelen"]}),
        ({"measure": ""}, [], {"waaraan": ["niet gezegd waaraan we zien dat het werkt"]}),
        ({"residents_notice": ""}, [], {"waaraan": ["niet gezegd wat bewoners merken"]}),
        ({"title": "Groen"}, [], {"wat": ["één woord: schrijf wat er gebeurt, of welk doel het heeft"]}),
        ({"title": "Groen", "goal": "Elke straat twee bomen"}, [], {}),
        ({"title": "Waar mogelijk bomen planten"}, [], {"wat": ["‘waar mogelijk’ laat open wat er gebeurt"]}),
        ({"title": "In gesprek gaan met bewoners"}, [], {"wat": ["‘in gesprek gaan’ laat open wat er gebeurt"]}),
        ({"title": "In gesprek gaan met bewoners", "kind": "proces"}, [], {}),  # there talking is what was agreed
        (
            {"title": "Zo snel mogelijk bomen planten", "end": None},
            [],
            {"wanneer": ["geen einddatum", "‘zo snel mogelijk’ zegt niet wanneer"]},
        ),
        ({"title": "Zo snel mogelijk bomen planten"}, [], {}),  # there is a date
        ({"means": "Nader te bepalen"}, [], {"waarmee": ["‘nader te bepalen’ zegt niet wie wat betaalt"]}),
        ({}, [brings("Containers")], {}),
        ({}, [brings("")], {"waarmee": ["bijdrage van Gemeente niet genoemd"]}),
        ({}, [brings("", pk=1)], {}),  # who leads is asked for the whole
    ],
)
def test_what_is_missing_stands_under_its_question(changed, contributions, missing):
    found = concreteness(SimpleNamespace(**FULL | changed), contributions)
    assert {q.word: list(q.missing) for q in found.questions if q.missing} == missing
    assert (found.done, found.whole) == (5 - len(missing), not missing)
