import pytest

from maps.sentences import number, sentence

FILM = {"film": True, "relative": True, "years": "2018–2022", "municipality": "Baarn", "band": 0.5}


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"composition": 0.9, "problems": 0.6},
         "Vergeleken met elders in Baarn werd deze buurt iets kwetsbaarder, en ging het met overlast en veiligheid iets "
         "slechter (2018–2022)."),
        ({"composition": 1.2, "problems": 0.1},
         "Vergeleken met elders in Baarn werd deze buurt duidelijk kwetsbaarder, maar bleef de overlast in de pas "
         "(2018–2022)."),
        ({"composition": 0.0, "problems": -0.7, "relative": False},
         "Het aandeel kwetsbare bewoners bleef ongeveer gelijk, maar overlast en onveiligheid namen iets af "
         "(2018–2022)."),
        ({"composition": 1.1, "problems": 0.7, "film": False, "years": "2022"},
         "Er wonen duidelijk meer kwetsbare bewoners dan gemiddeld in Baarn, en er is iets meer overlast en onveiligheid "
         "dan gemiddeld in Baarn (2022)."),
        ({"composition": None, "problems": None, "reason": "minder dan 100 huishoudens"},
         "Over deze buurt kunnen we niets zeggen: minder dan 100 huishoudens."),
        ({"composition": None, "problems": 0.7, "reason": "2 van de 5 cijfers over bewoners, 3 zijn nodig"},
         "Voor een signaal ontbreken gegevens: 2 van de 5 cijfers over bewoners, 3 zijn nodig. Wel bekend: vergeleken met "
         "elders in Baarn ging het met overlast en veiligheid iets slechter (2018–2022)."),
        ({"composition": 1.2, "problems": None, "relative": False, "reason": "geen score voor overlast en onveiligheid"},
         "Voor een signaal ontbreken gegevens: geen score voor overlast en onveiligheid. Wel bekend: het aandeel kwetsbare "
         "bewoners nam duidelijk toe (2018–2022)."),
        ({"composition": 0.9, "problems": 0.6, "note": "Berekend over Oost en West samen: in 2018 was dat nog één gebied."},
         "Vergeleken met elders in Baarn werd deze buurt iets kwetsbaarder, en ging het met overlast en veiligheid iets "
         "slechter (2018–2022). Berekend over Oost en West samen: in 2018 was dat nog één gebied."),
    ],
)  # fmt: skip
def test_the_sentence_says_what_the_colours_say(how, expected):
    assert sentence(**FILM | how) == expected


def test_a_borderline_says_so():
    told = sentence(**FILM, composition=0.55, problems=0.9, neighbours=["early_signal"])
    assert "grensgeval" in told
    assert "«Problemen nemen toe»" in told


NOTE = "In 2018 bestond deze buurt uit Noord en Zuid; de cijfers daarvan zijn samengenomen."


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"composition": 0.9, "problems": 0.1, "neighbours": ["early_signal"]},
         f"Vergeleken met elders in Baarn werd deze buurt iets kwetsbaarder, maar bleef de overlast in de pas (2018–2022). {NOTE} "
         "Dit is een grensgeval: iets anders gerekend hoort de buurt bij «Problemen nemen toe»."),
        ({"composition": 0.9, "problems": None, "reason": "geen score voor overlast en onveiligheid"},
         "Voor een signaal ontbreken gegevens: geen score voor overlast en onveiligheid. Wel bekend: vergeleken met elders "
         f"in Baarn werd deze buurt iets kwetsbaarder (2018–2022). {NOTE}"),
        ({"composition": None, "problems": None, "reason": "de grens is gewijzigd tussen 2018 en 2022"},
         "Over deze buurt kunnen we niets zeggen: de grens is gewijzigd tussen 2018 en 2022."),
    ],
)  # fmt: skip
def test_over_which_land_it_goes_stands_in_the_sentence(how, expected):
    assert sentence(**FILM | how, note=NOTE) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "expected"),
    [
        (1234.5, 1, False, "1.234,5"),
        (0.94, 1, True, "+0,9"),
        (-0.62, 1, True, "−0,6"),
        (-0.04, 1, True, "0,0"),  # no minus before nothing
        (None, 1, True, "–"),
        (1000000, 0, False, "1.000.000"),
    ],
)
def test_numbers_are_dutch(value, decimals, signed, expected):
    assert number(value, decimals, signed=signed) == expected
