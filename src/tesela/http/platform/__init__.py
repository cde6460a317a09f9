"""What both dialects need and neither contract has."""
