-- What the audit log says, to be asked about: by the person themselves, and by whoever looks into what has happened.
create table security_events (
    id        bigint      generated always as identity primary key,
    at        timestamptz not null,
    type      text        not null check (length(type) between 1 and 64),
    outcome   text        not null check (length(outcome) between 1 and 64),
    sub       text,
    client_id text,
    sid       text,
    address   text,
    details   jsonb       not null check (jsonb_typeof(details) = 'object')
);
create index security_events_sub on security_events (sub, at desc) where sub is not null;
create index security_events_at on security_events (at);
