"""What pipelines of GitHub and GitLab take from here: a program that checks and publishes, and templates."""
