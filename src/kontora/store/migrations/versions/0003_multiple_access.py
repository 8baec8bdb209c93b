"""Multiple access: consents that are used again, how often; and the health of the ways into banks."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
-- Which consent a session uses. The access is in the consent, not in the session.
alter table session add column consent_id bigint;
create index session_consent on session (consent_id) where consent_id is not null;

-- An owner's consent that may be used again. `digest`: of the multipleAccessId, which is stored nowhere;
-- `sealed_access` is sealed under the consent's own key, for the consent outlives its owner's data.
-- `refresh_until`: who `refresh_by` is gets new tokens until then. One that has ended stays for a day,
-- without digest and access, for its uses still count.
create table consent (
    id bigint primary key,
    client_id text not null references client,
    owner_digest bytea check (length(owner_digest) = 32),
    digest bytea unique check (length(digest) = 32),
    target text not null,
    institution text not null,
    sealed_access bytea,
    sca_at timestamptz not null,
    valid_until timestamptz not null,
    checked_at timestamptz,
    refresh_by bigint,
    refresh_until timestamptz,
    ended_at timestamptz,
    ending text,
    check ((ended_at is null) = (digest is not null)),
    check ((ended_at is null) = (sealed_access is not null)),
    check ((ended_at is null) = (ending is null)),
    check (valid_until <= sca_at + interval '180 days')
);
create index consent_owner on consent (client_id, owner_digest);
create index consent_valid_until on consent (valid_until) where ended_at is null;
alter table consent alter column sealed_access set storage external;

-- The bank accounts of a consent, as keyed digests; none before its first import.
create table consent_account (
    consent_id bigint not null references consent on delete cascade,
    account_digest bytea not null check (length(account_digest) = 32),
    primary key (consent_id, account_digest)
);
create index consent_account_digest on consent_account (account_digest);

-- Each use without the owner, kept for the day in which it counts.
create table consent_use (
    id bigint generated always as identity primary key,
    consent_id bigint not null references consent on delete cascade,
    used_at timestamptz not null default kontora_now()
);
create index consent_use_consent on consent_use (consent_id, used_at);

-- What came of what was asked of a target, by minute; `call` counts single requests, the others whole tasks.
create table target_health (
    target text not null,
    product text not null check (product in ('call', 'sign_in', 'import')),
    minute timestamptz not null,
    successes integer not null default 0,
    bank_errors integer not null default 0,
    our_errors integer not null default 0,
    owner_errors integer not null default 0,
    primary key (target, product, minute)
);
create index target_health_minute on target_health (minute);

-- How a target stands: requests in a row without and with an answer, and since when it fails by the rule.
create table target_standing (
    target text primary key,
    unanswered integer not null default 0,
    answered integer not null default 0,
    reason text,
    changed_at timestamptz not null default clock_timestamp(),
    probed_at timestamptz not null default clock_timestamp()
);
"""

DROP = """
drop table target_standing;
drop table target_health;
drop table consent_use;
drop table consent_account;
drop table consent;
alter table session drop column consent_id;
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
