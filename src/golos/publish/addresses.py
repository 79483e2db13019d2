"""Addresses: where the pages of areas and stations lie inside a language's folder; codes are safe as file names."""


def area_page(code: str) -> str:
    """Return the path of an area's page."""
    return f"areas/{code}.html"


def station_page(code: str) -> str:
    """Return the path of a station's page."""
    return f"stations/{code}.html"


def findings_page(number: int) -> str:
    """Return the path of a page of findings, counted from 1."""
    return "findings/index.html" if number == 1 else f"findings/{number}.html"
