"""The demo: flights of New York's airports in 2013, as a datasource and four dashboards.

`data` finds and describes the tables, `dashboards` reads the definitions in `flights/`, `install` puts both
into a server's store.
"""
