"""One tile's way, from template to rows."""
