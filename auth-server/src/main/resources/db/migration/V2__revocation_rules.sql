-- The second place in which a revocation stands before it is acknowledged: what the log in Redis is made good from when that
-- has lost something. `before_epoch` and `before_seq` are the position at which a cut cuts.
create table revocation_rules (
    kind         text   not null check (length(kind) between 1 and 32),
    value        text   not null check (length(value) between 1 and 512),
    before_epoch bigint,
    before_seq   bigint,
    expires      bigint not null,
    primary key (kind, value),
    check ((before_epoch is null) = (before_seq is null))
);
create index revocation_rules_expires on revocation_rules (expires);

-- The highest epoch that a token may carry: a log that is begun anew begins after it, whatever the clocks say.
create table revocation_epoch (
    only_row boolean primary key default true check (only_row),
    epoch    bigint  not null
);
insert into revocation_epoch (epoch) values (0);
