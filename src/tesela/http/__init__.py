"""The faces: JSON in, JSON out, nothing else."""
