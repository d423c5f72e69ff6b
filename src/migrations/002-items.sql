-- Action items as rows: what an owner owes over all incidents, and who was reminded on which day.
create table mayday.items (
  incident_id bigint not null references mayday.incidents (id) on delete cascade,
  key text not null,
  installation_id bigint not null,
  repository_id bigint not null,
  number int not null,
  owner text,
  due_on date,
  priority text,
  text text not null,
  state text not null,
  services text[] not null,
  snoozed_until timestamptz,
  primary key (incident_id, key)
);
create index items_owed on mayday.items (installation_id, owner, due_on) where state = 'open';
create index items_of_repository on mayday.items (repository_id) where state = 'open';

create table mayday.reminders (
  installation_id bigint not null,
  owner text not null,
  day date not null,
  comment_id bigint,
  primary key (installation_id, owner, day)
);

create index refs_by_key on mayday.refs (kind, key);

-- The organization's board as it was last found or made, by the wish of the configuration (`auto` or a number).
alter table mayday.installations add column boards jsonb not null default '{}';

-- What was said once and must not be said again too soon, such as a refusal for want of permission.
create table mayday.told (
  key text primary key,
  at timestamptz not null
);
