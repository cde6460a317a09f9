"""The BI API, /api/v1/bi: dashboards, widgets, metrics."""
