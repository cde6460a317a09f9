"""Metric definitions -> SQL text. Pure: what it returns goes the ordinary way of a tile's SQL."""
