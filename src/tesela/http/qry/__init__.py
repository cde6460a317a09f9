"""The Qry API, /api/dashboards: dashboards, pages, tiles."""
