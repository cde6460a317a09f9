"""What searches read, side by side and away from the documents.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "dashboard_search",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("dashboard_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dashboard_id"],
            ["dashboards.id"],
            name=op.f("fk_dashboard_search_dashboard_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_dashboard_search_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "dashboard_id", name=op.f("pk_dashboard_search")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dashboard_search_dashboard_id", "dashboard_search", ["dashboard_id"], unique=False)
    op.execute(
        "INSERT INTO dashboard_search (tenant_id, dashboard_id, text)"
        " SELECT tenant_id, id, search_text FROM dashboards"
    )
    op.drop_column("dashboards", "search_text")
