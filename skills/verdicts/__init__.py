"""What trials prove: arms, grades, statistics and the report. Pure, no Django."""
