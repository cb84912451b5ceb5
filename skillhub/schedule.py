"""What beat calls for, by the name of its task, and every how many seconds."""

from skillhub import env

SCHEDULE = {
    "sweep jobs": {"task": "sweep_jobs", "schedule": env.number("SWEEP_SECONDS", 5, least=1)},
    "seal audit": {"task": "seal_audit", "schedule": 5},
    "sign what waits": {"task": "sign_what_waits", "schedule": 60},
    "sign a checkpoint": {"task": "sign_checkpoint", "schedule": 600},
    "count fetches": {"task": "count_fetches", "schedule": 15},
    "embed passages": {"task": "embed_waiting", "schedule": 15},
    "rewrite search documents": {"task": "rewrite_documents", "schedule": 15},
    "make texts known": {"task": "make_texts_known", "schedule": 15},
    "book waiting usage": {"task": "book_waiting_usage", "schedule": 60},
    "purge usage": {"task": "purge_usage", "schedule": 3600},
    "flush the query log": {"task": "flush_query_log", "schedule": 15},
    "purge the query log": {"task": "purge_query_log", "schedule": 3600},
    "purge uploads": {"task": "purge_uploads", "schedule": 600},
    "purge tokens of trusted publishers": {"task": "purge_publisher_tokens", "schedule": 600},
    "collect blobs": {"task": "collect_blobs", "schedule": 6 * 3600},
    "look at damaged blobs": {"task": "look_at_blobs", "schedule": 15},
    "sync due sources": {"task": "sync_due_sources", "schedule": 15},
    "call for open runs": {"task": "call_for_open_runs", "schedule": 15},
    "charge expired holds and warn": {"task": "charge_and_warn", "schedule": 60},
    "check the ledger": {"task": "check_ledger", "schedule": 86_400},
    "roll up spending": {"task": "roll_up_spending", "schedule": 5},
    "count people in the field": {"task": "count_field_people", "schedule": 3600},
    "pool evaluations of earlier releases": {"task": "pool_evaluations", "schedule": 600},
    "purge transcripts": {"task": "purge_transcripts", "schedule": 3600},
}

# Queue → the tasks that ask models or import their clients, in workers of their own (embedded/supervisor.py).
# Whoever tries a provider does not wait for evaluations to end.
ASKING_MODELS = {
    "evals": ("evaluate", "draft_cases"),
    "providers": ("test_provider", "list_models", "discover_models"),
}
