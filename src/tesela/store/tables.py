"""The tables of our own database. What the rows mean is said in the file of each noun.

A change here needs a migration in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[dt.datetime]):
    """An aware datetime, always UTC on both sides."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("only aware datetimes are stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Json(TypeDecorator[Any]):
    """JSON kept as text, the same on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


def _tenant() -> Column[str]:
    return Column("tenant_id", String, ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> Column[dt.datetime]:
    return Column(name, Instant, nullable=nullable)


tenants = Table(
    "tenants",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    _instant("created_at"),
    _instant("suspended_at", nullable=True),
    Column("max_dashboards", Integer),
    Column("max_storage_bytes", BigInteger),
    Column("max_concurrent_queries", Integer),
)

users = Table(
    "users",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("email", String, nullable=False),
    Column("email_key", String),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("password_hash", String),
    Column("is_active", Boolean, nullable=False),
    Column("attributes", Json, nullable=False),
    Column("issuer", String),
    Column("subject", String),
    _instant("created_at"),
    _instant("last_login_at", nullable=True),
    UniqueConstraint("tenant_id", "email_key"),
    UniqueConstraint("tenant_id", "subject"),
    Index("ix_users_email_key", "email_key"),
)

teams = Table(
    "teams",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False),
    Column("description", Text),
    _instant("created_at"),
    UniqueConstraint("tenant_id", "name_key"),
)

team_members = Table(
    "team_members",
    metadata,
    Column("team_id", String, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", String, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_team_members_user_id", "user_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("user_id", String, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    _instant("created_at"),
    _instant("expires_at"),
    Column("by_link", Boolean, nullable=False),
    Index("ix_sessions_user_id", "user_id"),
    Index("ix_sessions_expires_at", "expires_at"),
)

login_links = Table(
    "login_links",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("user_id", String, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    _instant("created_at"),
    _instant("expires_at"),
    _instant("used_at", nullable=True),
    Index("ix_login_links_user_id", "user_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("user_id", String, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String, nullable=False),
    Column("token_hash", String, nullable=False, unique=True),
    Column("prefix", String, nullable=False),
    _instant("created_at"),
    _instant("last_used_at", nullable=True),
    _instant("expires_at", nullable=True),
    _instant("revoked_at", nullable=True),
    Index("ix_api_keys_user_id", "user_id"),
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False),
    Column("description", Text),
    Column("created_by", String, ForeignKey("users.id", ondelete="SET NULL")),
    _instant("created_at"),
    _instant("updated_at"),
    UniqueConstraint("tenant_id", "name_key"),
)

datasources = Table(
    "datasources",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("config", Json, nullable=False),
    Column("secrets", Text),
    Column("is_default", Boolean, nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("created_by", String, ForeignKey("users.id", ondelete="SET NULL")),
    _instant("created_at"),
    _instant("updated_at"),
    UniqueConstraint("tenant_id", "name_key"),
)

row_policies = Table(
    "row_policies",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("datasource_id", String, ForeignKey("datasources.id", ondelete="CASCADE"), nullable=False),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False),
    Column("catalog", String),
    Column("schema", String),
    Column("table", String, nullable=False),
    Column("predicate", Text, nullable=False),
    Column("masks", Json, nullable=False),
    Column("roles", Json, nullable=False),
    Column("team_ids", Json, nullable=False),
    Column("is_enabled", Boolean, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("created_by", String, ForeignKey("users.id", ondelete="SET NULL")),
    _instant("created_at"),
    _instant("updated_at"),
    UniqueConstraint("datasource_id", "name_key"),
    Index("ix_row_policies_tenant_id", "tenant_id"),
)

metrics = Table(
    "metrics",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("name", String, nullable=False),
    Column("datasource_id", String, ForeignKey("datasources.id")),
    Column("owner_id", String, ForeignKey("users.id", ondelete="SET NULL")),
    Column("status", String, nullable=False),
    Column("certified", Boolean, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("definition", Json, nullable=False),
    _instant("created_at"),
    _instant("updated_at"),
    UniqueConstraint("tenant_id", "name"),
    Index("ix_metrics_datasource_id", "datasource_id"),
    Index("ix_metrics_owner_id", "owner_id"),
)

dashboards = Table(
    "dashboards",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("owner_id", String, ForeignKey("users.id", ondelete="RESTRICT"), nullable=False),
    Column("workspace_id", String, ForeignKey("workspaces.id", ondelete="RESTRICT")),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("tags", Json, nullable=False),
    Column("audience", String, nullable=False),
    Column("link", Boolean, nullable=False),
    Column("is_archived", Boolean, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("tile_count", Integer, nullable=False),
    _instant("created_at"),
    _instant("updated_at"),
    Column("share_token_hash", String, unique=True),
    Column("share_token_enc", Text),
    _instant("share_expires_at", nullable=True),
    Column("share_password_hash", String),
    Column("document", LargeBinary, nullable=False),
    # Lists read this index and nothing else until they know which rows to show.
    Index(
        "ix_dashboards_list",
        "tenant_id",
        "updated_at",
        "id",
        "is_archived",
        "owner_id",
        "audience",
        "workspace_id",
    ),
    Index("ix_dashboards_owner_id", "owner_id"),
    Index("ix_dashboards_workspace_id", "workspace_id"),
    Index("ix_dashboards_share_expires_at", "share_expires_at"),
)

dashboard_uses = Table(
    "dashboard_uses",
    metadata,
    Column("dashboard_id", String, ForeignKey("dashboards.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("ref", String, primary_key=True),
    _tenant(),
    Index("ix_dashboard_uses_ref", "tenant_id", "kind", "ref"),
)

dashboard_search = Table(
    "dashboard_search",
    metadata,
    Column("tenant_id", String, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True),
    Column("dashboard_id", String, ForeignKey("dashboards.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
    Index("ix_dashboard_search_dashboard_id", "dashboard_id"),
    # A search reads all of a tenant's texts: they lie side by side, away from the documents.
    sqlite_with_rowid=False,
)

revisions = Table(
    "revisions",
    metadata,
    Column("dashboard_id", String, ForeignKey("dashboards.id", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _tenant(),
    Column("parent", BigInteger),
    Column("author_id", String, nullable=False),
    _instant("created_at"),
    Column("sha256", String, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("document_zstd", LargeBinary, nullable=False),
    Index("ix_revisions_created_at", "created_at"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("dashboard_id", String, ForeignKey("dashboards.id", ondelete="CASCADE"), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("name", String, nullable=False),
    Column("description", Text),
    Column("created_by", String, nullable=False),
    _instant("created_at"),
    # A revision with a checkpoint cannot be pruned; both go with their dashboard.
    ForeignKeyConstraint(
        ["dashboard_id", "revision"],
        ["revisions.dashboard_id", "revisions.number"],
        name="fk_checkpoints_revision",
    ),
    Index("ix_checkpoints_dashboard_id", "dashboard_id", "revision"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("dashboard_id", String, ForeignKey("dashboards.id", ondelete="CASCADE"), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("trigger_type", String, nullable=False),
    Column("is_refresh", Boolean, nullable=False),
    Column("executed_by", String, nullable=False),
    Column("policy_digest", String, nullable=False),
    Column("execution_time_ms", Integer, nullable=False),
    _instant("created_at"),
    _instant("expires_at"),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String, nullable=False),
    Column("structure_zstd", LargeBinary, nullable=False),
    Column("tile_data_zstd", LargeBinary, nullable=False),
    Index("ix_snapshots_latest", "dashboard_id", "created_at", "id"),
    Index("ix_snapshots_expires_at", "expires_at"),
)

grants = Table(
    "grants",
    metadata,
    Column("object_kind", String, primary_key=True),
    Column("object_id", String, primary_key=True),
    Column("grantee_kind", String, primary_key=True),
    Column("grantee_id", String, primary_key=True),
    _tenant(),
    Column("right", String, nullable=False),
    _instant("created_at"),
    Index("ix_grants_grantee", "tenant_id", "grantee_kind", "grantee_id", "object_kind", "object_id"),
)

ai_settings = Table(
    "ai_settings",
    metadata,
    Column("tenant_id", String, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True),
    Column("is_enabled", Boolean, nullable=False),
    Column("provider", String, nullable=False),
    Column("model", String, nullable=False),
    Column("base_url", String),
    Column("api_key", Text),
    Column("metadata_only", Boolean, nullable=False),
    Column("requests_per_day", Integer, nullable=False),
    Column("tokens_per_day", BigInteger, nullable=False),
    Column("timeout_ms", Integer, nullable=False),
    Column("updated_by", String, ForeignKey("users.id", ondelete="SET NULL")),
    _instant("updated_at"),
)

ai_usage = Table(
    "ai_usage",
    metadata,
    Column("tenant_id", String, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True),
    Column("day", String, primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("user_id", String, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("dashboard_id", String, ForeignKey("dashboards.id", ondelete="SET NULL")),
    Column("datasource_id", String, ForeignKey("datasources.id", ondelete="SET NULL")),
    _instant("created_at"),
    _instant("updated_at"),
    Index("ix_conversations_list", "tenant_id", "user_id", "updated_at", "id"),
    Index("ix_conversations_updated_at", "updated_at"),
    Index("ix_conversations_dashboard_id", "dashboard_id"),
    Index("ix_conversations_datasource_id", "datasource_id"),
)

conversation_messages = Table(
    "conversation_messages",
    metadata,
    Column("id", String, primary_key=True),
    _tenant(),
    Column("conversation_id", String, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("role", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("content", Json, nullable=False),
    Column("rows_zstd", LargeBinary),
    Column("policy_digest", String),
    _instant("created_at"),
    UniqueConstraint("conversation_id", "position"),
)

changes = Table(
    "changes",
    metadata,
    # SQLite counts rows only in a column of exactly this type.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("origin", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("tenant_id", String, nullable=False),
    Column("object_id", String, nullable=False),
    _instant("created_at"),
    Index("ix_changes_created_at", "created_at"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _tenant(),
    _instant("at"),
    # No foreign keys to people and objects: what they did is known after they are gone.
    Column("user_id", String),
    Column("user_name", String),
    Column("via", String, nullable=False),
    Column("ip", String),
    Column("action", String, nullable=False),
    Column("object_kind", String),
    Column("object_id", String),
    Column("object_name", Text),
    Column("parent_id", String),
    Column("details", Json, nullable=False),
    Index("ix_audit_list", "tenant_id", "id"),
    Index("ix_audit_user", "tenant_id", "user_id", "id"),
    Index("ix_audit_object", "tenant_id", "object_id", "id"),
    Index("ix_audit_parent", "tenant_id", "parent_id", "id"),
    Index("ix_audit_at", "at"),
    sqlite_autoincrement=True,
)
