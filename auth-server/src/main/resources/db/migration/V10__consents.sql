-- What a consent page says of an API's scopes: by scope and language.
alter table apis add column scope_texts jsonb not null default '{}' check (jsonb_typeof(scope_texts) = 'object');
