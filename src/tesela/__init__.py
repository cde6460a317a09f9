"""Tesela: dashboards that are quick, honest and safe to share."""

__version__ = "0.1.0"
