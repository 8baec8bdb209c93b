"""Corrections of labels: what clients say of their own data."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = """
-- `digest`: of what it says, under the client's key, so that the same is kept once. `made_at`: of two
-- corrections that fit, the later wins.
create table label_correction (
    id bigint primary key,
    client_id text not null references client,
    digest bytea not null check (length(digest) = 32),
    sealed bytea not null,
    made_at timestamptz not null default clock_timestamp(),
    unique (client_id, digest)
);
"""


def _run(sql: str) -> None:
    cursor = op.get_bind().connection.cursor()
    try:
        cursor.execute(sql)
    finally:
        cursor.close()


def upgrade() -> None:
    """Make the table."""
    _run(TABLES)


def downgrade() -> None:
    """Remove the table."""
    _run("drop table label_correction;")
