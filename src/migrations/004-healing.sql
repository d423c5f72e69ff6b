-- Healing: what a delivery told, so that the same act found on GitHub later is known; how far was looked, and when.

alter table mayday.deliveries add column act text, add column happened_at timestamptz;
create index deliveries_act on mayday.deliveries (act) where act is not null;

-- Up to which moment everything that happened in the repository is known.
alter table mayday.repositories add column healed_at timestamptz;

-- Work that is done in rounds, by one process however many there are: when it was last asked for, up to which moment it
-- is complete, and until when it rests.
create table mayday.rounds (
  key text primary key,
  -- Null: of the app itself.
  installation_id bigint,
  asked_at timestamptz,
  reached_at timestamptz,
  rests_until timestamptz
);
