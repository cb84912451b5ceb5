"""The one app: a package per noun, a file per verb; docs/ARCHITECTURE.md has the map."""
