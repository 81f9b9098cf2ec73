-- The SHA-256 of the password hash that was last imported for the person: given again, it does not replace what they have chosen since.
alter table accounts add column imported bytea check (length(imported) = 32);
