"""Places elsewhere that skills come from: what is there now, read without trusting it, and written nowhere.

`opened.open_upstream` is the door. Nothing here knows of teams, versions or requests.
"""
