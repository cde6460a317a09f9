"""A client written from the BI API's contract works unchanged."""

from __future__ import annotations

from contract.replay import replay, steps
from live import Server, anonymous
from teams import new_team

SALES = b"region,revenue\nNorth,150000\nSouth,120000\n"


def test_every_step_of_the_bi_api(any_server: Server) -> None:
    owner = any_server.person("bi-owner@example.org", tenant="bi-contract")
    colleague = any_server.person("bi-colleague@example.org", tenant="bi-contract")
    datasource = owner.upload("sales.csv", SALES)["datasource_id"]
    team = new_team(any_server, "bi-contract", "Analytics", ["bi-colleague@example.org"])

    replay(
        owner.client,
        steps("bi_dashboards"),
        {"datasource": datasource, "me": owner.id, "colleague": colleague.id, "team": team},
        others={"colleague": colleague.client, "anybody": anonymous(any_server)},
    )
