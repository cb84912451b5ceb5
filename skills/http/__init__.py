"""What pages, API and protocols share."""
