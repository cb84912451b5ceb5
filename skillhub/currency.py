"""The currency in which pages show money; it is counted in US dollars, as providers bill it."""

from skillhub.env import EnvironmentProblem, text

_LETTERS = 3  # of a code of ISO 4217

DISPLAY_CURRENCY = text("DISPLAY_CURRENCY", "USD").upper()
_RATE = text("DISPLAY_RATE", "1" if DISPLAY_CURRENCY == "USD" else "")

if len(DISPLAY_CURRENCY) != _LETTERS or not DISPLAY_CURRENCY.isascii() or not DISPLAY_CURRENCY.isalpha():
    raise EnvironmentProblem(
        f"DISPLAY_CURRENCY is {DISPLAY_CURRENCY!r}; use a code of three letters, like EUR."
    )
if not _RATE.isascii() or not _RATE.replace(".", "", 1).isdigit() or not float(_RATE):
    raise EnvironmentProblem(f"DISPLAY_RATE is {_RATE!r}; say what one US dollar is worth, like 0.92.")
DISPLAY_RATE = float(_RATE)
