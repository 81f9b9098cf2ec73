-- The system of record. What expires (codes, refresh tokens, sessions, revocation rules) is in Redis.

create table apis (
    audience   text        primary key check (length(audience) between 1 and 2000),
    scopes     text[]      not null check (array_position(scopes, null) is null),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- An id in the form of a UUID is refused: that is the form of a person's `sub`, and the two must never be equal.
-- `audience` and `serves` may name the issuer itself, which is no row of `apis`: hence no foreign key.
create table clients (
    id                        text        primary key
        check (id ~ '^[\x21-\x7e]{1,255}$'
               and id !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'),
    name                      text        not null check (length(name) between 1 and 255),
    authentication            text        not null
        check (authentication in ('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'tls_client_auth', 'none')),
    grants                    text[]      not null check (array_position(grants, null) is null),
    redirect_uris             text[]      not null check (array_position(redirect_uris, null) is null),
    post_logout_redirect_uris text[]      not null check (array_position(post_logout_redirect_uris, null) is null),
    scopes                    text[]      not null check (array_position(scopes, null) is null),
    audience                  text        check (length(audience) between 1 and 2000),
    consent                   boolean     not null,
    require_pkce              boolean     not null,
    serves                    text[]      not null check (array_position(serves, null) is null),
    exchange                  jsonb       not null check (jsonb_typeof(exchange) = 'object'),
    rate_limited              boolean     not null,
    created_at                timestamptz not null default now(),
    updated_at                timestamptz not null default now(),
    constraint clients_public check (
        authentication <> 'none' or (require_pkce and not 'client_credentials' = any (grants)))
);

-- At most two live secrets a client, so that one can be replaced without an outage. Only SHA-256 digests.
create table client_secrets (
    client_id    text        not null references clients on delete cascade,
    slot         smallint    not null check (slot in (1, 2)),
    digest       bytea       not null check (length(digest) = 32),
    created_at   timestamptz not null default now(),
    last_used_at timestamptz,
    primary key (client_id, slot)
);

-- `username_key` is the name by which people are told apart: NFKC, without case. `password` is an encoded hash.
create table accounts (
    id             uuid        primary key,
    username       text        not null check (length(username) between 1 and 254),
    username_key   text        not null unique check (length(username_key) between 1 and 1000),
    email          text        check (length(email) between 3 and 254),
    email_verified boolean     not null check (email is not null or not email_verified),
    roles          text[]      not null check (array_position(roles, null) is null),
    claims         jsonb       not null check (jsonb_typeof(claims) = 'object'),
    password       text        check (password like '{%}%'),
    enabled        boolean     not null,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now()
);

create table consents (
    account_id uuid        not null references accounts on delete cascade,
    client_id  text        not null references clients on delete cascade,
    scopes     text[]      not null check (array_position(scopes, null) is null),
    granted_at timestamptz not null default now(),
    primary key (account_id, client_id)
);
create index consents_client on consents (client_id);

-- `sealed` is the private key under the master key, AES-256-GCM, bound to issuer, kid and state.
create table signing_keys (
    kid         text        primary key check (kid ~ '^[A-Za-z0-9_-]{43}$'),
    issuer      text        not null,
    state       text        not null check (state in ('next', 'active', 'retired')),
    sealed      bytea       not null,
    created_at  timestamptz not null default now(),
    state_since timestamptz not null default now()
);
create unique index signing_keys_active on signing_keys (issuer) where state = 'active';
create unique index signing_keys_next on signing_keys (issuer) where state = 'next';
