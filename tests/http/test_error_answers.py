"""What a client reads when something of ours breaks."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient

from tesela.http import errors


def test_a_broken_runner_is_said_as_the_contract_says_it_and_nothing_leaks() -> None:
    app = FastAPI()
    errors.install(app)

    @app.get("/api/dashboards/x/data")
    def data() -> None:
        raise RuntimeError("/srv/secret/path password=hunter2")

    @app.get("/api/dashboards/x")
    def other() -> None:
        raise RuntimeError("/srv/secret/path password=hunter2")

    with TestClient(app, raise_server_exceptions=False) as client:
        answers = [client.get("/api/dashboards/x/data"), client.get("/api/dashboards/x")]

    assert [answer.status_code for answer in answers] == [500, 500]
    assert answers[0].json() == {"detail": "Failed to execute dashboard queries"}
    assert answers[1].json() == {"detail": "Something went wrong on the server; its log says what"}
