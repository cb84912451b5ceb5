"""The registry protocol of OpenClaw and the `clawhub` CLI."""
