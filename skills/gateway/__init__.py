"""The gateway: agents' calls to models, in their providers' own protocols, each charged to its budgets."""
