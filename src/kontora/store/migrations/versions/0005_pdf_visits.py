"""The PDF widget: one row for each visit, gone after two hours."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
-- `digest`: of the token that the page holds; the options are sealed under it.
create table pdf_visit (
    id bigint primary key,
    client_id text not null references client,
    digest bytea not null unique check (length(digest) = 32),
    sealed_options bytea not null,
    files integer not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz
);
create index pdf_visit_created on pdf_visit (created_at);
alter table pdf_visit alter column sealed_options set storage external;
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
    _run("drop table pdf_visit;")
