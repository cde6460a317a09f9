"""How right the analytics are: planted facts, questions, rewrites and series, each printed by one command."""
