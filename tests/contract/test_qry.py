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


PLACES = b"""order_id,customer,order_date,country,region,category,amount
A-101,Acme,2026-02-14,ES,Madrid,wholesale,4200
A-102,Zeta,2026-01-02,ES,Madrid,retail,100
A-103,Zeta,2026-01-03,ES,Catalonia,retail,30
A-104,Beta,2026-01-04,FR,Paris,retail,7
"""


def test_every_step_of_interactivity(any_server: Server) -> None:
    client = any_server.person("contract-interactivity@example.org")
    datasource = client.upload("places.csv", PLACES)["datasource_id"]

    replay(client.client, steps("qry_interactivity"), {"datasource": datasource})
