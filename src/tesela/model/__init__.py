"""What things are: frozen data, no I/O, no clock."""
