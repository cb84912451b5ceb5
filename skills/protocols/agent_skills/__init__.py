"""`.well-known/agent-skills` (0.2.0), the older 0.1 form, and the search shape of skills.sh."""
