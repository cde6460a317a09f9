"""A client written from the contract works unchanged."""

from __future__ import annotations

from contract.replay import replay, steps
from live import Person, Server, anonymous

SALES = b"region,revenue\nNorth,150000\nSouth,120000\n"


def test_every_step_of_the_first_half(any_server: Server) -> None:
    client = any_server.person("contract@example.org")
    datasource = client.upload("sales.csv", SALES)["datasource_id"]

    replay(client.client, steps("qry_dashboards"), {"datasource": datasource, "workspace": workspace(client)})


def test_every_step_of_history_and_bundles(any_server: Server) -> None:
    client = any_server.person("history@example.org")
    datasource = client.upload("sales.csv", SALES, name="History")["datasource_id"]

    replay(client.client, steps("qry_history_and_bundles"), {"datasource": datasource})


def test_every_step_of_snapshots_and_sharing(any_server: Server) -> None:
    client = any_server.person("sharing@example.org")
    datasource = client.upload("sales.csv", SALES, name="Sharing")["datasource_id"]

    replay(
        client.client,
        steps("qry_sharing"),
        {"datasource": datasource},
        others={"anybody": anonymous(any_server)},
    )


def workspace(client: Person) -> str:
    answer = client.post("/api/workspaces", json={"name": "Finance"})
    assert answer.status_code == 201, answer.text
    made: str = answer.json()["id"]
    return made
