"""The people who ask: an owner, a stranger, a viewer, an admin, and somebody of another tenant."""

from __future__ import annotations

import pytest

from live import Person, Server


@pytest.fixture(scope="session")
def owner(server: Server) -> Person:
    return server.person("owner@example.org")


@pytest.fixture(scope="session")
def stranger(server: Server) -> Person:
    """An editor of the same tenant to whom nothing was granted."""
    return server.person("stranger@example.org")


@pytest.fixture(scope="session")
def viewer(server: Server) -> Person:
    return server.person("viewer@example.org", role="viewer")


@pytest.fixture(scope="session")
def admin(server: Server) -> Person:
    return server.admin()


@pytest.fixture(scope="session")
def other_tenant(server: Server) -> Person:
    """An admin, but of another tenant."""
    return server.person("admin@other.example.org", role="admin", tenant="other")


@pytest.fixture(scope="session")
def sales(owner: Person) -> str:
    """The owner's datasource with a table `sales`: region, month, revenue."""
    lines = [f"{region},2026-0{month}-01,{month * base}" for region, base in REGIONS for month in range(1, 7)]
    content = "region,month,revenue\n" + "\n".join(lines) + "\n"
    found: str = owner.upload("sales.csv", content.encode(), name="Sales data")["datasource_id"]
    return found


REGIONS = (("North", 1500), ("South", 1200), ("Löwen & Cía <b>", 10))
