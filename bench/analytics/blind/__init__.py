"""Cases written before the engines were read."""
