"""PostgreSQL and Valkey from wheels, run as children of one supervisor: no service to install."""
