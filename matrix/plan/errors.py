class PlanError(Exception):
    """Why there is no PDF, in Dutch, with what to do."""


MISSING_LIBRARIES = (
    "Op de server ontbreken programma's om een PDF te maken. De beheerder herstelt dat met één regel: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
ENDED = (
    "Het maken van de PDF is afgebroken: het duurde te lang, of er was te weinig geheugen of ruimte op de "
    "schijf. Probeer het opnieuw; lukt het weer niet, laat dan de beheerder kijken."
)
