"""Statements: the PDFs that were accepted, and those that are being read now."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
-- A statement comes without a session.
alter table import alter column session_id drop not null;

-- What is kept of an accepted statement beside its data: how it was read, and the file itself. The data is
-- the import of the same id; the statement goes when that goes.
create table statement (
    id bigint primary key references import on delete cascade,
    pdf_bytes integer not null check (pdf_bytes > 0),
    sealed_details bytea not null,
    sealed_pdf bytea not null
);
alter table statement alter column sealed_details set storage external;
alter table statement alter column sealed_pdf set storage external;

-- A PDF that is being read. It takes one of the client's places as long as it gives signs of life, and is
-- gone when its request is answered. Confirmations have no owner.
create table pdf_reading (
    id bigint primary key,
    client_id text not null references client,
    owner_id bigint references owner on delete cascade,
    kind text not null check (kind in ('statement_read', 'confirmation_read')),
    beat_at timestamptz not null default clock_timestamp()
);
create index pdf_reading_client on pdf_reading (client_id);
create index pdf_reading_owner on pdf_reading (owner_id) where owner_id is not null;
"""

DROP = """
drop table pdf_reading;
drop table statement;
delete from import where session_id is null;
alter table import alter column session_id set not null;
"""


def _run(sql: str) -> None:
    cursor = op.get_bind().connection.cursor()
    try:
        cursor.execute(sql)
    finally:
        cursor.close()


def upgrade() -> None:
    """Make the tables."""
    _run(TABLES)


def downgrade() -> None:
    """Remove the tables."""
    _run(DROP)
