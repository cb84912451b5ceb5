"""Sources: addresses elsewhere that a team's skills come from, and every sync with them."""
