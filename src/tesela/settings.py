"""Every setting of the server: one frozen class, read once at start from `TESELA_...` variables."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")


class Settings(BaseSettings):
    """Read by `app` and `cli`, which pass single values down. Sizes in bytes, times in their named unit."""

    model_config = SettingsConfigDict(env_prefix="TESELA_", frozen=True, extra="ignore")

    data: Path = Field(Path("./tesela-data"), description="Folder of all state of the embedded default.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str | None = Field(
        None,
        description="Where people reach this server, e.g. https://bi.example.org; links are made from it.",
    )
    store_url: str | None = Field(
        None,
        description="Where metadata live, e.g. postgresql://user:password@host/db; unset: SQLite in `data`.",
        repr=False,
    )
    log_level: str = Field("info", description="debug, info, warning or error.")
    log_format: str = Field("auto", description="auto (console on a terminal, else json), console or json.")

    engine_workers: int = Field(2, ge=1, le=64, description="Walled processes that run the embedded engine.")
    engine_memory_bytes: int = Field(
        2_000_000_000,
        ge=256_000_000,
        description="Memory wall of one engine worker, above its own start size.",
    )
    engine_threads: int = Field(2, ge=1, le=256, description="Threads of the embedded engine in one worker.")
    engine_temp_bytes: int = Field(2_000_000_000, ge=0, description="Disk an engine worker may spill to.")

    tile_max_rows: int = Field(10_000, ge=1, le=100_000, description="Rows of a tile's answer.")
    tile_max_bytes: int = Field(10_000_000, ge=1_000, description="Bytes of a tile's answer.")
    detail_max_rows: int = Field(5_000, ge=1, le=50_000, description="Rows of a detail answer.")
    export_max_rows: int = Field(1_000_000, ge=1, description="Rows of an export.")
    export_timeout_ms: int = Field(
        120_000, ge=100, description="How long the query of one export may run and be written."
    )
    export_disk_bytes: int = Field(
        10_000_000_000, ge=1_000_000, description="Disk that downloads under way may take, all together."
    )
    statement_timeout_ms: int = Field(30_000, ge=100, description="How long one query may run.")
    queue_wait_ms: int = Field(30_000, ge=0, description="How long a query may wait for its turn.")
    running_per_datasource: int = Field(4, ge=1, description="Queries of one datasource that run at a time.")
    running_per_user: int = Field(2, ge=1, description="Queries of one user on one datasource at a time.")
    queued_per_datasource: int = Field(200, ge=1, description="Queries of one datasource that may wait.")
    cache_ttl_seconds: int = Field(300, ge=0, description="Age of a result after which it is stale.")
    cache_stale_seconds: int = Field(
        3_600, ge=0, description="How long past that a stale result may be shown while one refresh runs."
    )
    cache_max_bytes: int = Field(256_000_000, ge=0, description="Results kept in memory.")
    body_max_bytes: int = Field(10_000_000, ge=1_000, description="Size of a request body, uploads apart.")
    upload_max_bytes: int = Field(
        2_000_000_000, ge=1_000, description="Size of a CSV, Parquet or JSON upload."
    )
    upload_xlsx_max_bytes: int = Field(100_000_000, ge=1_000, description="Size of an XLSX upload.")
    ingest_timeout_ms: int = Field(600_000, ge=1_000, description="How long reading one upload may take.")

    snapshot_days: int = Field(7, ge=1, le=3_650, description="Days a snapshot lives.")
    snapshot_max_bytes: int = Field(
        50_000_000, ge=1_000, description="Size of a snapshot's rows; a tile that is too much says so."
    )
    public_requests_per_minute: int = Field(600, ge=1, description="Requests of one address to public pages.")
    public_passwords_per_minute: int = Field(
        10,
        ge=1,
        description="Passwords of public pages that one address may try; for one page ten times as many.",
    )
    public_cache_max_bytes: int = Field(
        128_000_000,
        ge=0,
        description="Public pages kept in memory; at least three times `snapshot_max_bytes`.",
    )
    embed_origins: str = Field(
        "",
        description="Sites that may show public pages and `/embed/...` in a frame: exact origins such as "
        "https://www.example.org, separated by spaces.",
    )
    cors_origins: str = Field(
        "",
        description="Sites whose scripts may call the API with a Bearer token: exact origins, separated by spaces.",
    )
    trusted_proxies: str = Field(
        "", description="Addresses of proxies whose X-Forwarded-For is believed, separated by spaces."
    )
    session_days: int = Field(30, ge=1, description="Days a browser stays logged in.")
    login_link_minutes: int = Field(15, ge=1, description="Minutes a login link is good for.")
    login_attempts_per_minute: int = Field(10, ge=1, description="Password attempts for one e-mail address.")
    issuers_file: Path | None = Field(
        None, description="JSON file that lists outside token issuers; see docs/accounts.md."
    )
    ai_hosts: str = Field(
        "api.openai.com api.anthropic.com",
        description="Hosts of models that a tenant's admin may choose, separated by spaces; one without encryption, "
        "such as a local model, as http://host:port. Nothing is asked before an admin turns a model on.",
    )
    secrets_file: Path | None = Field(
        None, description="File with the server's own keys; unset: made in `data` on first start."
    )
    revisions_keep: int = Field(500, ge=10, description="Revisions of a dashboard that are always kept.")
    revisions_keep_days: int = Field(90, ge=1, description="Days for which every revision is kept.")
    conversation_days: int = Field(
        90, ge=1, le=36_500, description="Days for which a conversation is kept after its last message."
    )
    audit_days: int = Field(365, ge=1, le=36_500, description="Days for which lines of the audit are kept.")
    shutdown_grace_seconds: int = Field(
        10, ge=0, description="How long requests in flight may take to finish."
    )

    @field_validator("embed_origins", "cors_origins")
    @classmethod
    def _exact_origins(cls, value: str) -> str:
        """Origins in lower case with single spaces between them; a pattern is none."""
        origins = value.replace(",", " ").lower().split()
        for origin in origins:
            if not ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin} is no origin: write scheme and host, such as https://www.example.org"
                )
        return " ".join(origins)

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        addresses = value.replace(",", " ").split()
        for address in addresses:
            ipaddress.ip_network(address)
        return " ".join(addresses)

    @property
    def base_url(self) -> str:
        """Where links begin: `public_url`, else the address that the server listens on."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
