"""What Tesela costs, measured beside what it cannot cost less than: `make bench`."""
