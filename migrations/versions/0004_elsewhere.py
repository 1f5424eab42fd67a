"""elsewhere

Revision: 0004, after 0003. Written 2026-11-21.
Works with the release before it; imports nothing of the application.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    # Columns that may be empty, and refer to nothing by a constraint, are added in place: no table is made anew.
    op.add_column("workspaces", sa.Column("organisation", sa.Integer(), nullable=True))
    op.add_column("memberships", sa.Column("elsewhere_id", sa.Integer(), nullable=True))
    op.add_column("outbox", sa.Column("owner_id", sa.Integer(), nullable=True))
    op.add_column("outbox", sa.Column("base", sa.Text(), nullable=True))
    op.create_index("ix_outbox_base", "outbox", ["base"])
    op.create_table(
        "homes_elsewhere",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_homes_elsewhere_group_id_groups")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_homes_elsewhere_workspace_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("group_id", "workspace_id", name=op.f("pk_homes_elsewhere")),
    )
    op.create_index("ix_homes_elsewhere_workspace_id_conversation", "homes_elsewhere", ["workspace_id", "conversation"])


def downgrade() -> None:
    op.drop_table("homes_elsewhere")
    op.drop_index("ix_outbox_base", "outbox")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("base")
        batch.drop_column("owner_id")
    with op.batch_alter_table("memberships") as batch:
        batch.drop_column("elsewhere_id")
    with op.batch_alter_table("workspaces") as batch:
        batch.drop_column("organisation")
