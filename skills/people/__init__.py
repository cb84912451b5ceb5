"""Accounts, teams, roles, tokens and policy."""
