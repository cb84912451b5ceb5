"""Brings skills in from files elsewhere, again and again: `plan` says what changes, `carry_out` does it."""
