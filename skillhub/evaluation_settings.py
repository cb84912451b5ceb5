"""Limits of evaluations, and where their scripts run. One trial is one case, arm, model and repeat."""

from skillhub import env

SANDBOX = env.text("SANDBOX", "bwrap")
SANDBOX_IMAGE = env.text("SANDBOX_IMAGE", "python:3.12-slim")
EVAL_RETRIES = env.number("EVAL_RETRIES", 4)
EVAL_TURNS = env.number("EVAL_TURNS", 15, least=1)
EVAL_TRIAL_TOKENS = env.number("EVAL_TRIAL_TOKENS", 50_000, least=1_000)
EVAL_TRIAL_SECONDS = env.number("EVAL_TRIAL_SECONDS", 300, least=1)
EVAL_RUN_SECONDS = env.number("EVAL_RUN_SECONDS", 7_200, least=1)
EVAL_HOLD_SECONDS = env.number("EVAL_HOLD_SECONDS", 600, least=1)
EVAL_REUSE_DAYS = env.number("EVAL_REUSE_DAYS", 14)
EVAL_TRANSCRIPT_DAYS = env.number("EVAL_TRANSCRIPT_DAYS", 30)
