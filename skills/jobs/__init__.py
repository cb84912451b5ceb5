"""Background work as rows of ours; the broker only wakes a worker up."""
