-- Second factors of people.

-- `sealed` is the shared secret under a key of the server's own secret, bound to the account. `last_step` is the time step of
-- the last code that was accepted: each step counts once.
create table authenticators (
    account_id uuid        primary key references accounts on delete cascade,
    sealed     bytea       not null,
    last_step  bigint      not null,
    added_at   timestamptz not null default now()
);

-- Keyed digests, each bound to its account; a used code is deleted.
create table recovery_codes (
    account_id uuid        not null references accounts on delete cascade,
    digest     bytea       not null check (length(digest) = 32),
    made_at    timestamptz not null default now(),
    primary key (account_id, digest)
);

-- Who wants a code by e-mail at each login.
create table email_factors (
    account_id uuid        primary key references accounts on delete cascade,
    added_at   timestamptz not null default now()
);

alter table clients add column require_second_factor boolean not null default false;
