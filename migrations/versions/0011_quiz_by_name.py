"""quiz by name: an answer of a quiz belongs to what was asked, no longer to the place of the question

Nobody can tell what was asked at a place when it was answered, so quizzes begin anew; certificates stay.

Revision: 0011, after 0010. Written 2026-11-22.
Imports nothing of the application.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.execute("DELETE FROM training_answers")
    with op.batch_alter_table("training_answers") as batch:
        batch.alter_column("question", existing_type=sa.Integer(), type_=sa.Text(), existing_nullable=False)


def downgrade() -> None:
    op.execute("DELETE FROM training_answers")
    with op.batch_alter_table("training_answers") as batch:
        batch.alter_column(
            "question",
            existing_type=sa.Text(),
            type_=sa.Integer(),
            existing_nullable=False,
            postgresql_using="question::integer",
        )
