-- Signing keys have a schedule, an algorithm and a place where their private half is. Nothing was released with the table as it
-- was before, and an issuer without keys makes new ones.
drop table signing_keys;

create table signing_keys (
    kid          text        primary key check (kid ~ '^[A-Za-z0-9_-]{43}$'),
    issuer       text        not null,
    algorithm    text        not null check (algorithm in ('RS256', 'PS256', 'ES256', 'EdDSA')),
    state        text        not null check (state in ('next', 'active', 'retired', 'compromised')),
    custody      text        not null check (custody in ('sealed', 'pkcs11')),
    -- The whole key while it is to sign, its public half afterwards; bound to issuer, kid, algorithm and state.
    sealed       bytea       not null,
    created_at   timestamptz not null,
    activates_at timestamptz not null,
    retired_at   timestamptz check ((retired_at is null) = (state in ('next', 'active')))
);
create unique index signing_keys_active on signing_keys (issuer, algorithm) where state = 'active';
create index signing_keys_issuer on signing_keys (issuer);

-- What the other server-side secrets derive from: random, made at the first start, sealed under the master key.
create table server_secret (
    only_row boolean primary key default true check (only_row),
    sealed   bytea   not null
);

-- What the tokens of an API, and the ID tokens of a client, are signed by; the standard algorithm where it says nothing.
alter table apis add column signing_algorithm text;
alter table clients add column id_token_signing_algorithm text;
