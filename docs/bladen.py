"""Makes the pictures of the plan on paper for the handleiding anew: each kind of page of the demo's plan, in colour and
beside it as a printer without colour gives it.

    .venv/bin/python manage.py export_plan demo --output plan.pdf      # after `make demo`
    .venv/bin/python docs/bladen.py plan.pdf
"""

import sys
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

FOLDER = Path(__file__).parent / "handleiding" / "beelden"
# Name of the picture -> words that the first page of its kind begins with, under the running head.
KINDS = {
    "blad-omslag": "Gezamenlijk plan", "blad-bestuur": "Kort, voor het bestuur", "blad-kaart": "De signaleringskaart",
    "blad-buurt": "Buurt 3 van", "blad-afspraken": "Alle afspraken", "blad-belofte": "Wat belooft wie",
    "blad-bezwaren": "Bezwaren, voorbehoud", "blad-standpunten": "Standpunten op een rij",
    "blad-tekenen": "Ondertekening", "blad-bronnen": "Bronnen en rekenwijze",
}  # fmt: skip
SCALE = 1.0  # 595 pixels wide
HEAD = 4  # lines in which those words stand


def main(path):
    plan = pypdfium2.PdfDocument(path)
    heads = [plan[number].get_textpage().get_text_range().splitlines()[:HEAD] for number in range(len(plan))]
    for name, words in KINDS.items():
        number = next(n for n, head in enumerate(heads) if any(line.strip().startswith(words) for line in head))
        page = plan[number].render(scale=SCALE).to_pil().convert("RGB")
        both = Image.new("RGB", (2 * page.width + 24, page.height), "#d8d5cd")
        both.paste(page, (0, 0))
        both.paste(ImageOps.grayscale(page).convert("RGB"), (page.width + 24, 0))
        both.quantize(192).save(FOLDER / f"{name}.png", optimize=True)
        print(f"{name}: bladzijde {number + 1}")


if __name__ == "__main__":
    main(sys.argv[1])
