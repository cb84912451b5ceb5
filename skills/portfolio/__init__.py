"""The models to evaluate on: providers, what models cost, what a team chose, whether they answer."""
