"""What an address may hold: codes of CBS and nothing else, so that no odd sign reaches the database."""

from django.urls import register_converter


class MunicipalityCode:
    regex = "GM[0-9]{4}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class BuurtCode(MunicipalityCode):
    regex = "BU[0-9A-Z]{0,8}"  # a page gives its script an address with only BU, to fill in


register_converter(MunicipalityCode, "gemeente")
register_converter(BuurtCode, "buurt")
