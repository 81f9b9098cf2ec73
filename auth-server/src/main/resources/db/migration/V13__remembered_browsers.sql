-- Rises whenever everything that was remembered of the person's logins is to be void.
alter table accounts add column generation bigint not null default 0;

-- Browsers in which a person stays logged in: each carries on the login of this sid. Of the secret in its cookie only SHA-256 is here, and
-- that of the one before, which tabs that came at the same time still show.
drop table remembered_browsers;
create table remembered_browsers (
    sid        text        primary key check (length(sid) = 22),
    account_id uuid        not null references accounts on delete cascade,
    generation bigint      not null,
    secret     bytea       not null check (length(secret) = 32),
    previous   bytea       check (length(previous) = 32),
    rotated_at timestamptz not null,
    auth_time  timestamptz not null,
    amr        text[]      not null,
    begun_at   timestamptz not null,
    expires_at timestamptz not null,
    address    text        not null,
    device     text        not null
);
create index remembered_browsers_account on remembered_browsers (account_id);
create index remembered_browsers_expires on remembered_browsers (expires_at);
