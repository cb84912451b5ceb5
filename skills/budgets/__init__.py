"""Token budgets: reserve before a call, settle after it, never overspend."""
