"""Downloads, as a client written from the contract meets them."""

from __future__ import annotations

from contract.replay import assert_like, filled, steps
from live import Server

SALES = b"region,revenue\nNorth,150000\nSouth,120000\n"


def test_every_step_of_downloads(any_server: Server) -> None:
    client = any_server.person("exports@example.org")
    datasource = client.upload("sales.csv", SALES, name="Exports")["datasource_id"]
    region = {"name": "region", "field": "region", "type": "multi_select"}
    dashboard = client.new_dashboard(name="Exports", filters=[region])["id"]
    tiles = {
        "tile": {
            "title": "Revenue by region",
            "tile_type": "table",
            "query": "SELECT * FROM sales ORDER BY 1",
        },
        "broken": {"title": "Broken", "tile_type": "table", "query": "SELECT nothing FROM sales"},
        "text": {"title": "Text", "tile_type": "text", "content": "hi"},
    }
    known = {"dashboard": dashboard}
    for name, fields in tiles.items():
        known[name] = client.new_tile(dashboard, datasource_id=datasource, **fields)["id"]

    for step in steps("qry_export"):
        method, path = (filled(word, known) for word in step["send"])
        answer = client.request(method, path, json=step["body"])
        assert answer.status_code == step["status"], f"{step['name']}: {answer.text}"
        if "answer" in step:
            assert_like(answer.json(), step["answer"], step["name"])
        else:
            assert {name: answer.headers[name] for name in step["headers"]} == step["headers"], step["name"]
            assert answer.content.startswith(step["begins"].encode()), step["name"]
