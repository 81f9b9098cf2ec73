-- What was begun while Redis was away: browser sessions, logins and authorization codes, with the fields that they would have there.
create table standby (
    key        text        primary key,
    account_id text,
    fields     jsonb       not null check (jsonb_typeof(fields) = 'object'),
    expires_at timestamptz not null
);
create index standby_account on standby (account_id) where account_id is not null;
create index standby_expires on standby (expires_at);
