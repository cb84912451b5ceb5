"""Claude Code's plugin marketplace: a catalogue per team, plugins as archives."""
