"""What can be computed from rows: pure, no clock, no network, no query."""
