"""Text in, safe statement out. Pure: nothing here awaits, looks at a clock or talks to a database."""
