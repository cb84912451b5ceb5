"""Reading, checking and packing the files of a skill: pure functions, no Django, no database."""
