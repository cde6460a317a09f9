"""What Tesela does: one file per chapter, plain async functions."""
