"""Telling people in the product and by e-mail, as they prefer."""
