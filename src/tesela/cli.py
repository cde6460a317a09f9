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
def tenant() -> None:
    """Tenants: add them, limit them, shut them out."""


@tenant.command("list")
@DataOption
def tenant_list(data: Path | None) -> None:
    """List tenants with what they use, one a line, the name first."""
    from tesela.app import Folders
    from tesela.features import tenants

    files = Folders(_settings(data=data).data).files
    for one, usage in _with_store(data, lambda store: tenants.tenants_of(store, files)):
        state = "active" if one.suspended_at is None else "suspended"
        figures = f"{usage.dashboards} dashboards\t{usage.users} users\t{usage.storage_bytes} bytes"
        click.echo(f"{one.name}\t{state}\t{figures}")


@tenant.command("add")
@click.argument("name")
@DataOption
def tenant_add(name: str, data: Path | None) -> None:
    """Add a tenant; its first person comes with user add."""
    from tesela.app import utc_now
    from tesela.features import tenants

    made = _with_store(data, lambda store: tenants.add_tenant(store, utc_now, name=name))
    click.echo(f"Added the tenant {made.name}.")


@tenant.command("suspend")
@click.argument("name")
@DataOption
def tenant_suspend(name: str, data: Path | None) -> None:
    """Shut a tenant out: people, keys, links, public pages, schedules."""
    _set_suspended(name, data, is_suspended=True)
    click.echo(f"The tenant {name} is suspended.")


@tenant.command("resume")
@click.argument("name")
@DataOption
def tenant_resume(name: str, data: Path | None) -> None:
    """Let a suspended tenant in again, as it was."""
    _set_suspended(name, data, is_suspended=False)
    click.echo(f"The tenant {name} is active.")


@tenant.command("limit")
@click.argument("name")
@click.option("--dashboards", "max_dashboards", metavar="N", help="How many it may have.")
@click.option("--storage-bytes", "max_storage_bytes", metavar="N", help="What files of uploads may take.")
@click.option("--queries", "max_concurrent_queries", metavar="N", help="How many may run at a time.")
@DataOption
def tenant_limit(name: str, data: Path | None, **given: str | None) -> None:
    """Set limits of a tenant; the word none takes one away, what is left out stays."""
    from tesela.features import tenants

    wanted = {limit: _number_or_none(limit, text) for limit, text in given.items() if text is not None}
    if not wanted:
        raise click.UsageError("Name a limit: --dashboards, --storage-bytes or --queries.")

    async def limit(store: Store) -> None:
        await tenants.set_limits(store, (await tenants.named_tenant(store, name)).id, wanted)

    _with_store(data, limit)
    click.echo(f"The limits of the tenant {name} are set.")


def _set_suspended(name: str, data: Path | None, *, is_suspended: bool) -> None:
    from tesela.features import tenants

    async def change(store: Store) -> None:
        found = await tenants.named_tenant(store, name)
        await tenants.set_suspended(store, found.id, is_suspended=is_suspended)

    _with_store(data, change)


def _number_or_none(limit: str, text: str) -> int | None:
    if text.lower() == "none":
        return None
    if not (text.isascii() and text.isdigit()):
        raise click.UsageError(f"{limit}: write a whole number, or none")
    return int(text)


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


@cli.command("export")
@click.argument("dashboard_id", required=False)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File.  [default: print it]")
@click.option(
    "--all", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder for all of them."
)
@click.option("--tenant", default="default", show_default=True, help="Whose, with --all.")
@DataOption
def export_dashboard(
    dashboard_id: str | None, out: Path | None, folder: Path | None, tenant: str, data: Path | None
) -> None:
    """Write a dashboard, or all of a tenant, as files that can be imported."""
    from tesela.features import bundle_files

    if (dashboard_id is None) == (folder is None) or (out is not None and folder is not None):
        raise click.UsageError("Name one dashboard, with --out or without, or give --all a folder.")
    if dashboard_id is not None:
        content = _with_store(data, lambda store: bundle_files.export_one(store, dashboard_id))
        if out is None:
            click.echo(content, nl=False)
        else:
            _write(out, content)
    if folder is not None:
        found = _with_store(data, lambda store: bundle_files.export_all(store, tenant))
        for name, content in _named_files(found):
            _write(folder / name, content)
            click.echo(name)


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "maps", multiple=True, metavar="REF=DATASOURCE", help="Name or id; more than once.")
@click.option("--update", metavar="ID", help="Put it over this dashboard instead of making one.")
@click.option(
    "--user", "email", help="Whose it will be.  [default: the first admin; with --update its owner]"
)
@click.option("--tenant", help="Which tenant's, where the e-mail is in several.")
@DataOption
def import_dashboard(
    file: Path,
    maps: tuple[str, ...],
    update: str | None,
    email: str | None,
    tenant: str | None,
    data: Path | None,
) -> None:
    """Make a dashboard of a file that `export` wrote: all of it, or nothing.

    A datasource of the same name and type is found by itself; others are named with --map.
    """
    from tesela.app import utc_now
    from tesela.features import bundle_files, people

    content = file.read_bytes()
    chosen = bundle_files.choices(maps)

    async def bring(store: Store) -> str:
        user = None if email is None else await people.find_user(store, email, tenant=tenant)
        if update is not None:
            done = await bundle_files.import_over(store, utc_now, content, update, user, chosen=chosen)
            return f"Updated the dashboard '{done.document.name}' ({done.id}), now at version {done.version}."
        user = user or await people.ensure_first_admin(store, utc_now)
        done = await bundle_files.import_file(store, utc_now, content, user, chosen=chosen)
        return f"Imported the dashboard '{done.document.name}' ({done.id})."

    click.echo(_with_store(data, bring))


@cli.group()
def metrics() -> None:
    """Metric definitions, as files."""


@metrics.command("apply")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--tenant", default="default", show_default=True, help="Whose metrics they are.")
@click.option("--dry-run", is_flag=True, help="Check the files and say what would change.")
@DataOption
def metrics_apply(path: Path, tenant: str, dry_run: bool, data: Path | None) -> None:
    """Make or change the metrics of a YAML or JSON file, or of all in a folder: all of them, or none.

    What is no longer in the files stays. The tables and columns are looked up when the server asks them.
    """
    from tesela.app import utc_now
    from tesela.features import metric_files
    from tesela.features.metrics import store_metrics

    suffixes = (".yaml", ".yml", ".json")
    files = sorted(one for one in path.iterdir() if one.suffix in suffixes) if path.is_dir() else [path]
    if not files:
        raise click.UsageError(f"{path} holds no file that ends in {', '.join(suffixes)}.")
    items = [item for file in files for item in metric_files.read_file(file.read_bytes())]

    async def apply(store: Store) -> list[str]:
        desk = await metric_files.desk_of_tenant(store, tenant, utc_now)
        drafts = await metric_files.apply_file(desk, items)
        if not dry_run:
            await store_metrics(desk, drafts)
        return [f"{draft.action}\t{draft.metric.name}" for draft in drafts]

    for line in _with_store(data, apply):
        click.echo(line)
    if dry_run:
        click.echo("Nothing was changed.", err=True)


@metrics.command("export")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File.  [default: print it]")
@click.option("--tenant", default="default", show_default=True, help="Whose metrics.")
@DataOption
def metrics_export(out: Path | None, tenant: str, data: Path | None) -> None:
    """Write all metrics of a tenant as one YAML file that `apply` takes."""
    from tesela.app import utc_now
    from tesela.features import metric_files

    async def export(store: Store) -> bytes:
        return await metric_files.export_metrics(await metric_files.desk_of_tenant(store, tenant, utc_now))

    content = _with_store(data, export)
    if out is None:
        click.echo(content, nl=False)
    else:
        _write(out, content)


def _named_files(found: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return the files under names that differ even where a disk does not tell cases apart."""
    from tesela.http.downloads import file_name
    from tesela.model.bundle import SUFFIX

    taken: set[str] = set()
    named = []
    for title, content in found:
        name, number = file_name(title, SUFFIX), 1
        while name.casefold() in taken:
            number += 1
            name = file_name(title, f" {number}{SUFFIX}")
        taken.add(name.casefold())
        named.append((name, content))
    return named


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.FileError(str(path), hint=error.strerror or "it cannot be written") from error


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
