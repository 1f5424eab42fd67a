"""teams missing: a post's parts are looked up by part too, to find what somebody has missed

Revision: 0010, after 0009. Written 2026-11-22.
Works with the release before it; imports nothing of the application.
"""

from __future__ import annotations

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_index("ix_teams_parts_workspace_id_part", "teams_parts", ["workspace_id", "part"])


def downgrade() -> None:
    op.drop_index("ix_teams_parts_workspace_id_part", table_name="teams_parts")
