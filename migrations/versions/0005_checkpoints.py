"""checkpoints

Revision: 0005, after 0004. Written 2026-11-21.
Works with the release before it; imports nothing of the application.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: None = None
depends_on: None = None


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "checkpoint_calls",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("poll", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("guide", sa.Text(), nullable=False),
        sa.Column("organiser_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        _refers("checkpoint_calls", "group_id", "groups"),
        _refers("checkpoint_calls", "organiser_id", "people"),
        _refers("checkpoint_calls", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("group_id", "poll", name=op.f("pk_checkpoint_calls")),
    )
    op.create_index(op.f("ix_checkpoint_calls_due_at"), "checkpoint_calls", ["due_at"])
    op.create_index("ix_checkpoint_calls_cohort", "checkpoint_calls", ["workspace_id", "guide", "organiser_id", "poll"])
    op.create_table(
        "checkpoint_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("guide", sa.Text(), nullable=False),
        sa.Column("organiser_id", sa.Integer(), nullable=False),
        sa.Column("poll", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        _refers("checkpoint_releases", "organiser_id", "people"),
        _refers("checkpoint_releases", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_releases")),
    )
    op.create_index("ix_checkpoint_releases_cohort", "checkpoint_releases", ["workspace_id", "guide", "organiser_id"])
    op.create_table(
        "checkpoint_answers",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("poll", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        _refers("checkpoint_answers", "group_id", "groups"),
        _refers("checkpoint_answers", "person_id", "people"),
        _refers("checkpoint_answers", "release_id", "checkpoint_releases"),
        _refers("checkpoint_answers", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("group_id", "poll", "person_id", "question", name=op.f("pk_checkpoint_answers")),
    )
    op.create_index(op.f("ix_checkpoint_answers_person_id"), "checkpoint_answers", ["person_id"])


def downgrade() -> None:
    op.drop_table("checkpoint_answers")
    op.drop_table("checkpoint_releases")
    op.drop_table("checkpoint_calls")
