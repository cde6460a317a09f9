"""The command line: `tesela serve` and what an operator needs beside it.

Heavy imports wait inside the commands, so that `tesela --help` is quick.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import tesela
from tesela.errors import TeselaError

if TYPE_CHECKING:
    from tesela.settings import Settings
    from tesela.store import Store

T = TypeVar("T")

DataOption = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of all state.  [default: ./tesela-data, or TESELA_DATA]",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(tesela.__version__, message="tesela %(version)s")
def cli() -> None:
    """Tesela: dashboards that are quick, honest and safe to share.

    Every option is also a setting: --port 9000 is TESELA_PORT=9000.
    """


def main() -> None:
    """Run the command; a mistake of the user's is one sentence, not a trace."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as mistake:
        mistake.show()
        sys.exit(mistake.exit_code)
    except TeselaError as error:
        click.echo(f"tesela: {error.sentence}", err=True)
        sys.exit(1)


@cli.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.  [default: 8000]")
@DataOption
@click.option("--engine-workers", type=click.IntRange(1, 64), help="Walled processes of the embedded engine.")
@click.option("--workers", type=int, default=1, hidden=True)
def serve(
    host: str | None, port: int | None, data: Path | None, engine_workers: int | None, workers: int
) -> None:
    """Start the server."""
    if workers != 1:
        raise click.UsageError("Several API processes come later; start one, without --workers.")
    from tesela.serving import serve as serve_forever

    serve_forever(_settings(host=host, port=port, data=data, engine_workers=engine_workers))


@cli.command()
@DataOption
def demo(data: Path | None) -> None:
    """Load the demo data and dashboards, once."""
    from tesela.demo.loading import load_demo

    settings = _settings(data=data)
    for line in asyncio.run(load_demo(settings, progress=_progress)):
        click.echo(line)


@cli.command()
@DataOption
def migrate(data: Path | None) -> None:
    """Bring the store to this version of Tesela."""
    _with_store(data, _nothing)
    click.echo("The store is up to date.")


@cli.command()
@DataOption
def doctor(data: Path | None) -> None:
    """Say what is wrong with this installation; exit code 1 when something is."""
    from tesela.doctor import examine

    findings = asyncio.run(examine(_settings(data=data)))
    marks = {True: click.style("ok", fg="green"), False: click.style("wrong", fg="red"), None: "note"}
    for finding in findings:
        click.echo(f"{marks[finding.ok]:>5}  {finding.what}: {finding.sentence}")
    if any(finding.ok is False for finding in findings):
        sys.exit(1)


@cli.group()
def user() -> None:
    """Add people, list them, let them in."""


@user.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(["admin", "editor", "viewer"]), default="editor", show_default=True)
@click.option("--tenant", default="default", show_default=True, help="Made when it is new.")
@click.option("--name", help="What others read.  [default: the part before the @]")
@DataOption
def user_add(email: str, role: Any, tenant: str, name: str | None, data: Path | None) -> None:
    """Add a person."""
    from tesela.app import utc_now
    from tesela.features import people

    async def add(store: Store) -> str:
        added = await people.add_user(store, utc_now, tenant=tenant, email=email, name=name, role=role)
        return f"Added {added.email} ({added.role}) to the tenant {tenant}."

    click.echo(_with_store(data, add))


@user.command("list")
@click.option("--tenant", help="Only of this tenant.")
@DataOption
def user_list(tenant: str | None, data: Path | None) -> None:
    """List people, one a line, the e-mail first."""
    from tesela.features import people

    async def lines(store: Store) -> list[str]:
        found = await people.list_users(store, tenant=tenant)
        return [
            f"{one.email}\t{one.role}\t{tenant_name}\t{'active' if one.is_active else 'inactive'}"
            for one, tenant_name in found
        ]

    for line in _with_store(data, lines):
        click.echo(line)


@user.command("link")
@click.argument("email")
@click.option("--tenant", help="Which tenant's, where the e-mail is in several.")
@DataOption
def user_link(email: str, tenant: str | None, data: Path | None) -> None:
    """Print a fresh login link: good once, for 15 minutes."""
    from tesela.app import utc_now
    from tesela.features import people

    settings = _settings(data=data)

    async def link(store: Store) -> str:
        found = await people.find_user(store, email, tenant=tenant)
        token = await people.make_login_link(store, utc_now, found, minutes=settings.login_link_minutes)
        return people.login_url(settings.base_url, token)

    click.echo(_with_store(data, link))


@cli.group()
def token() -> None:
    """Keys for programs."""


@token.command("create")
@click.option("--user", "email", required=True, help="Whose rights the key has.")
@click.option("--tenant", help="Which tenant's, where the e-mail is in several.")
@click.option("--name", default="command line", show_default=True, help="What lists call it.")
@DataOption
def token_create(email: str, tenant: str | None, name: str, data: Path | None) -> None:
    """Print one API key, which works as a Bearer token, and nothing else."""
    from tesela.app import utc_now
    from tesela.features import people

    async def create(store: Store) -> str:
        found = await people.find_user(store, email, tenant=tenant)
        _, key = await people.create_api_key(store, utc_now, found, name=name)
        return key

    click.echo(_with_store(data, create))


def _settings(**given: Any) -> Settings:
    """Return the settings of the environment, with what the command line says on top."""
    from pydantic import ValidationError

    from tesela.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        raise click.UsageError(f"TESELA_{name.upper()}: {first['msg']}") from error


def _with_store(data: Path | None, work: Callable[[Store], Awaitable[T]]) -> T:
    """Return what `work` returns on the open, migrated store. Works while the server runs."""
    from tesela import logs
    from tesela.app import open_our_store

    settings = _settings(data=data)
    logs.configure("warning", settings.log_format)

    async def run() -> T:
        store = await open_our_store(settings)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


async def _nothing(store: Store) -> None:
    """Migrating happens when the store is opened."""


def _progress(label: str, length: int) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr)
