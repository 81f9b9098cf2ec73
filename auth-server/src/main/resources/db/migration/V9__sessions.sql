-- OpenID Connect Back-Channel Logout 1.0: where a client is told that a login session has ended.
alter table clients
    add column backchannel_logout_uri text check (length(backchannel_logout_uri) between 1 and 2000),
    add column backchannel_logout_session_required boolean not null default false;

-- One row for each client that got tokens in a session that has ended. `due_at` is when it is tried next; while it is being tried, when
-- another server takes it over.
create table backchannel_logouts (
    id        bigint      generated always as identity primary key,
    sid       text        not null,
    client_id text        not null references clients on delete cascade,
    sub       text        not null,
    state     text        not null check (state in ('waiting', 'delivered', 'abandoned')),
    owed_at   timestamptz not null,
    due_at    timestamptz not null,
    tried_at  timestamptz,
    tries     integer     not null default 0,
    answer    text        check (length(answer) <= 200),
    unique (sid, client_id)
);
create index backchannel_logouts_due on backchannel_logouts (due_at) where state = 'waiting';
create index backchannel_logouts_owed on backchannel_logouts (owed_at);
create index backchannel_logouts_client on backchannel_logouts (client_id);

-- Browsers in which a person stays logged in. The cookie is `series.secret`; only SHA-256 of each is here. `previous` is the secret
-- before the last rotation, good for a moment, for tabs that came at the same time. `sids` are the logins that were made by it.
create table remembered_browsers (
    series     bytea       primary key check (length(series) = 32),
    id         bigint      generated always as identity unique,
    account_id uuid        not null references accounts on delete cascade,
    secret     bytea       not null check (length(secret) = 32),
    previous   bytea       check (length(previous) = 32),
    rotated_at timestamptz not null,
    auth_time  timestamptz not null,
    expires_at timestamptz not null,
    address    text        not null,
    device     text        not null,
    sids       text[]      not null
);
create index remembered_browsers_account on remembered_browsers (account_id);
create index remembered_browsers_expires on remembered_browsers (expires_at);
