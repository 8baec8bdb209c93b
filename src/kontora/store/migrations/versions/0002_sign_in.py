"""Signing in: the widget's conversations, the redirects to banks, and the redirection API's links."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
-- While the owner is at the bank, a session lives twice as long without activity.
alter table session add column at_bank boolean not null default false;

-- A link that a client's owner is sent to. `digest`: of the token in the link; `redirect_uri`: where the
-- owner goes in the end. The options are sealed under the token, which is stored nowhere.
create table redirection (
    id uuid primary key,
    client_id text not null references client,
    digest bytea not null unique check (length(digest) = 32),
    sealed_options bytea not null,
    redirect_uri text not null,
    created_at timestamptz not null default clock_timestamp(),
    opened_at timestamptz
);
create index redirection_created on redirection (created_at);

-- One visit of the widget. `digest`: of the token that the page holds; the options are sealed under it.
-- `sealed_view`: what the page is shown at this step; `sealed_key`: the private half of this step's one-time
-- key, null once used. Both are sealed as the session's own state is.
create table conversation (
    id bigint primary key,
    client_id text not null references client,
    digest bytea not null unique check (length(digest) = 32),
    sealed_options bytea not null,
    redirection_id uuid references redirection on delete cascade,
    session_id bigint,
    owner_id bigint,
    target text,
    state text not null default 'choose' check (state in
        ('choose', 'working', 'questions', 'redirect', 'wait', 'signed_in', 'importing', 'failed')),
    step integer not null default 0,
    tries smallint not null default 0,
    sealed_view bytea,
    sealed_key bytea,
    failure_name text,
    failure_message text,
    failure_friendly_message text,
    command_id bigint,
    created_at timestamptz not null default clock_timestamp(),
    moved_at timestamptz not null default clock_timestamp(),
    beat_at timestamptz not null default clock_timestamp(),
    check ((state = 'failed') = (failure_name is not null)),
    check (sealed_key is null or state = 'questions')
);
create index conversation_created on conversation (created_at);
create index conversation_working on conversation (beat_at) where state in ('working', 'importing');
create index conversation_redirection on conversation (redirection_id) where redirection_id is not null;
create unique index conversation_redirection_once on conversation (redirection_id)
    where redirection_id is not null and state in ('signed_in', 'importing');
alter table conversation alter column sealed_options set storage external;
alter table conversation alter column sealed_view set storage external;
alter table conversation alter column sealed_key set storage external;

create function conversation_goes_on() returns trigger language plpgsql as $$
begin
    if new.step < old.step then
        raise exception 'a conversation never goes back a step' using errcode = 'KT005';
    end if;
    if old.sealed_key is null and new.sealed_key is not null and new.step = old.step then
        raise exception 'the key of a step is used once' using errcode = 'KT006';
    end if;
    return new;
end $$;
create trigger conversation_goes_on before update on conversation
    for each row execute function conversation_goes_on();

-- One way to a bank's page and back. `state_digest`: of OAuth's `state`; `link_digest`: of the link that the
-- page opens; `browser_digest`: of the cookie of the browser that opened it.
create table bank_redirect (
    state_digest bytea primary key check (length(state_digest) = 32),
    link_digest bytea not null unique check (length(link_digest) = 32),
    conversation_id bigint not null references conversation on delete cascade,
    step integer not null,
    browser_digest bytea,
    created_at timestamptz not null default clock_timestamp(),
    used_at timestamptz
);
create index bank_redirect_conversation on bank_redirect (conversation_id);
"""

DROP = """
drop table bank_redirect;
drop table conversation;
drop function conversation_goes_on();
drop table redirection;
alter table session drop column at_bank;
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
