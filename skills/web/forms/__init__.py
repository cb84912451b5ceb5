"""What the pages' forms accept."""
