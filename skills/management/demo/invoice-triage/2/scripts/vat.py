#!/usr/bin/env python3
"""Check the form of a European VAT number: `vat.py DE123456789`. Exit status 0 when it fits."""

import re
import sys

FORMS = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "DE": r"\d{9}", "DK": r"\d{8}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}", "FR": r"[A-Z0-9]{2}\d{9}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}",
    "LU": r"\d{8}", "NL": r"\d{9}B\d{2}", "PL": r"\d{10}", "PT": r"\d{9}", "SE": r"\d{12}",
}


def check(number: str) -> str:
    """An empty string when NUMBER fits its country, else what is wrong."""
    plain = re.sub(r"[\s.-]", "", number.upper())
    form = FORMS.get(plain[:2])
    if form is None:
        return f"{plain[:2]} is not a country this script knows"
    if not re.fullmatch(form, plain[2:]):
        return f"{plain} does not have the form of {plain[:2]}"
    return ""


if __name__ == "__main__":
    problem = check(sys.argv[1]) if len(sys.argv) == 2 else "usage: vat.py NUMBER"
    print(problem or "ok")
    sys.exit(bool(problem))
