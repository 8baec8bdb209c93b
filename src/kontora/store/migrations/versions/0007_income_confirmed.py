"""Which state of an owner's data income was last confirmed from: it is billed once for each."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _run(sql: str) -> None:
    cursor = op.get_bind().connection.cursor()
    try:
        cursor.execute(sql)
    finally:
        cursor.close()


def upgrade() -> None:
    """Add the column."""
    _run("alter table owner add column income_confirmed_for timestamptz;")


def downgrade() -> None:
    """Remove the column."""
    _run("alter table owner drop column income_confirmed_for;")
