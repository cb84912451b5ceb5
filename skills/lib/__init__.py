"""Things without tables that every noun may use."""
