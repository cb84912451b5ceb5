"""Sums of money as people read them: counted in micros of a US dollar, shown in the instance's currency."""

from django.conf import settings

_MICROS = 1_000_000  # of a dollar
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def in_words(micros: int | None) -> str:
    """Micros with as many places as small sums need; "unknown" where no price is known."""
    if micros is None:
        return "unknown"
    whole = float(micros) / _MICROS * settings.DISPLAY_RATE
    number = f"{whole:,.2f}" if whole >= 1 or not micros else f"{whole:.4f}"
    code = settings.DISPLAY_CURRENCY
    return f"{_SIGNS[code]}{number}" if code in _SIGNS else f"{code} {number}"
