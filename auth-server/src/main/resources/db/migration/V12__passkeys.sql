-- Passkeys of people.

-- How authenticators name an account: random, so that it tells nothing of the person, and never changed.
create table passkey_holders (
    account_id  uuid  primary key references accounts on delete cascade,
    user_handle bytea not null unique check (length(user_handle) = 32)
);

-- `place` bounds how many an account has. `public_key` is COSE. `movable` (backup eligible) never changes; `backed_up` does.
create table passkeys (
    id            uuid        primary key,
    account_id    uuid        not null references passkey_holders on delete cascade,
    place         smallint    not null check (place between 1 and 10),
    credential_id bytea       not null unique check (length(credential_id) between 16 and 1023),
    public_key    bytea       not null,
    sign_count    bigint      not null check (sign_count >= 0),
    transports    text[]      not null,
    movable       boolean     not null,
    backed_up     boolean     not null,
    label         text        not null,
    created_at    timestamptz not null default now(),
    last_used_at  timestamptz,
    unique (account_id, place)
);
