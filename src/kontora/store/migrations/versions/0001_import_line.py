"""The import line: clients, keys, owners, sessions, commands, imports, events, and the queue.

The tables of the queue are Procrastinate's own, as the pinned version ships them; a new version of
Procrastinate comes with a revision of its own here.
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
create table client (
    id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    environment text not null check (environment in ('test', 'production')),
    ips text[] not null default '{}',
    origins text[] not null default '{}',
    redirect_uris text[] not null default '{}',
    features text[] not null default '{}',
    created_at timestamptz not null default now()
);

create table api_key (
    prefix text primary key check (prefix ~ '^[0-9a-f]{12}$'),
    digest bytea not null unique check (length(digest) = 32),
    client_id text not null references client,
    created_at timestamptz not null default now(),
    revoked_at timestamptz
);
create index api_key_client on api_key (client_id);

-- Practice mode moves retention and quotas with this offset; it stays 0 in production.
create table practice_clock (
    only_row boolean primary key default true check (only_row),
    offset_seconds double precision not null default 0
);
insert into practice_clock default values;

create function kontora_now() returns timestamptz language sql stable as $$
    select clock_timestamp() + make_interval(secs => offset_seconds) from practice_clock
$$;

-- The external id itself is sealed; it is found by a keyed digest.
create table owner (
    id bigint primary key,
    client_id text not null references client,
    digest bytea not null check (length(digest) = 32),
    sealed_external_id bytea not null,
    origin text,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    unique (client_id, digest)
);

-- Expiry is decided by the database's clock alone.
create table session (
    id bigint primary key,
    client_id text not null references client,
    owner_id bigint not null,
    target text not null,
    institution text not null,
    state text not null check (state in ('open', 'signed_in', 'ended')),
    mode text check (mode in ('default', 'advanced')),
    sealed_state bytea,
    created_at timestamptz not null default clock_timestamp(),
    used_at timestamptz not null default clock_timestamp()
);
create index session_client_live on session (client_id, used_at) where state <> 'ended';
create index session_live on session (used_at) where state <> 'ended';
create index session_owner on session (owner_id);

create table command (
    id bigint primary key,
    client_id text not null references client,
    owner_id bigint not null,
    session_id bigint not null,
    name text not null,
    target text not null,
    institution text not null,
    counted boolean not null,
    queued boolean not null,
    sealed_parameters bytea,
    state text not null check (state in ('setup', 'in_progress', 'successful', 'error', 'fatal')),
    progress smallint not null default 0 check (progress between 0 and 100),
    attempt integer not null default 0,
    job_id bigint,
    failure_name text,
    failure_message text,
    failure_friendly_message text,
    sealed_result bytea,
    created_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    beat_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    check ((state in ('successful', 'error', 'fatal')) = (finished_at is not null)),
    check ((state in ('error', 'fatal')) = (failure_name is not null))
);
create unique index command_default_import_once on command (session_id) where name = 'DefaultImportCommand';
create index command_unfinished on command (client_id) where state in ('setup', 'in_progress');
create index command_session on command (session_id);
create index command_owner on command (owner_id);
create index command_created on command (created_at);

create function command_keeps_its_promise() returns trigger language plpgsql as $$
begin
    if old.state in ('successful', 'error', 'fatal') and new is distinct from old then
        raise exception 'a final state never changes' using errcode = 'KT001';
    end if;
    if new.attempt < old.attempt then
        raise exception 'an attempt never goes back' using errcode = 'KT002';
    end if;
    if old.state = 'in_progress' and new.state = 'setup' then
        raise exception 'a command never goes back' using errcode = 'KT003';
    end if;
    return new;
end $$;
create trigger command_keeps_its_promise before update on command
    for each row execute function command_keeps_its_promise();

create table import (
    id bigint primary key,
    client_id text not null references client,
    owner_id bigint not null references owner,
    session_id bigint not null,
    target text not null,
    partial boolean not null,
    sealed_data bytea not null,
    imported_at timestamptz not null,
    expires_at timestamptz not null
);
create index import_owner on import (owner_id, imported_at);
create index import_expires on import (expires_at);

-- Random data lies in the sealed columns: compressing it again costs time and gains nothing.
alter table owner alter column sealed_external_id set storage external;
alter table session alter column sealed_state set storage external;
alter table command alter column sealed_parameters set storage external;
alter table command alter column sealed_result set storage external;
alter table import alter column sealed_data set storage external;

-- What happened, without personal data; outlives what it tells of.
create table event (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    client_id text,
    kind text not null,
    session_id bigint,
    command_id bigint,
    owner_id bigint,
    target text,
    outcome text,
    detail jsonb
);
create index event_client_at on event (client_id, at);

create function event_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'events are only ever appended' using errcode = 'KT004';
end $$;
create trigger event_is_append_only before update or delete or truncate on event
    for each statement execute function event_is_append_only();

-- One answer per Idempotency-Key and client, kept for a day.
create table remembered_answer (
    client_id text not null references client,
    key_digest bytea not null,
    fingerprint bytea not null,
    command_id bigint not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (client_id, key_digest)
);
"""

DROP = """
drop table remembered_answer;
drop table event;
drop function event_is_append_only();
drop table import;
drop table command;
drop function command_keeps_its_promise();
drop table session;
drop table owner;
drop function kontora_now();
drop table practice_clock;
drop table api_key;
drop table client;
"""

DROP_QUEUE = """
do $$
declare found record;
begin
    for found in select oid::regclass as name from pg_class
        where relname like 'procrastinate\\_%' and relkind = 'r'
            and relnamespace = current_schema()::regnamespace
    loop execute format('drop table if exists %s cascade', found.name); end loop;
    for found in select oid::regprocedure as name from pg_proc
        where proname like 'procrastinate\\_%' and pronamespace = current_schema()::regnamespace
    loop execute format('drop function if exists %s cascade', found.name); end loop;
    for found in select oid::regtype as name from pg_type
        where typname like 'procrastinate\\_%' and typtype in ('e', 'c')
            and typnamespace = current_schema()::regnamespace
    loop execute format('drop type if exists %s cascade', found.name); end loop;
end $$;
"""


def _run(sql: str) -> None:
    # Through the driver's own cursor: the text holds per-cent signs and colons that are no parameters.
    cursor = op.get_bind().connection.cursor()
    try:
        cursor.execute(sql)
    finally:
        cursor.close()


def upgrade() -> None:
    """Make the tables."""
    _run(SchemaManager.get_schema())
    _run(TABLES)


def downgrade() -> None:
    """Remove the tables."""
    _run(DROP)
    _run(DROP_QUEUE)
