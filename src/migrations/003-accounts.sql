-- Whose a row is, wherever one account must be forgotten whole, and nothing of another.

-- What belongs to an incident goes with it, and nothing is added to one that is gone.
alter table mayday.events add constraint events_incident foreign key (incident_id)
  references mayday.incidents (id) on delete cascade;
alter table mayday.refs add constraint refs_incident foreign key (incident_id)
  references mayday.incidents (id) on delete cascade;

-- The installation; null where it is of none, such as the sweep.
alter table mayday.told add column installation_id bigint;

-- The group of its jobs, which is the installation.
alter table mayday.syncs add column job_group text;
update mayday.syncs set job_group = (
  select installation_id::text from mayday.incidents where id = split_part(syncs.key, ':', 1)::bigint
) where key ~ '^\d+:';
update mayday.syncs set job_group = split_part(key, ':', 2) where key like 'remind:%';
update mayday.syncs set job_group = (
  select installation_id::text from mayday.repositories where id = split_part(syncs.key, ':', 2)::bigint
) where key ~ '^labels:\d+$';

create index incidents_installation on mayday.incidents (installation_id);
create index deliveries_installation on mayday.deliveries (installation_id);
