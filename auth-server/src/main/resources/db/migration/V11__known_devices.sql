-- Counts up when the devices on which somebody has logged in before are to be forgotten: their cookies name it.
alter table accounts add column device_generation bigint not null default 0;
