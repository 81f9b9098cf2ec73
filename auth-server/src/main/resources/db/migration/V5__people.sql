-- One account for each address that was seen to be somebody's. Accounts that are closed keep their id and name, and nothing else.
create unique index accounts_email on accounts (lower(email)) where email_verified;
alter table accounts add column closed_at timestamptz;

-- What is sent by e-mail and presented once. Only SHA-256 digests; what is used is deleted.
create table one_time_tokens (
    digest     bytea       primary key check (length(digest) = 32),
    purpose    text        not null check (purpose in ('register', 'recover', 'verify-email')),
    -- Whom it replaces an earlier one for: the account, or the address that has none yet.
    holder     text        not null check (length(holder) between 1 and 254),
    email      text        not null check (length(email) between 3 and 254),
    expires_at timestamptz not null,
    unique (purpose, holder)
);
create index one_time_tokens_expires on one_time_tokens (expires_at);
