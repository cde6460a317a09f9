"""Descriptions of teams, and limits of tenants.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("teams", sa.Column("description", sa.Text(), nullable=True))
    op.add_column("tenants", sa.Column("max_dashboards", sa.Integer(), nullable=True))
    op.add_column("tenants", sa.Column("max_storage_bytes", sa.BigInteger(), nullable=True))
    op.add_column("tenants", sa.Column("max_concurrent_queries", sa.Integer(), nullable=True))
