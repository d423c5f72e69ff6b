-- The first schema: what was delivered, where, which incidents there are and what happened in them.

CREATE TABLE mayday.deliveries (
  guid text PRIMARY KEY,
  event text NOT NULL,
  action text,
  installation_id bigint,
  repository_id bigint,
  key text NOT NULL,
  received_at timestamptz NOT NULL,
  payload text NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  done_at timestamptz
);
-- Payloads are read once and forgotten after a month: compressing them costs more than their room.
ALTER TABLE mayday.deliveries ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE INDEX deliveries_received_at ON mayday.deliveries (received_at);

CREATE TABLE mayday.installations (
  id bigint PRIMARY KEY,
  account text NOT NULL,
  account_type text NOT NULL,
  permissions jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  suspended_at timestamptz,
  removed_at timestamptz,
  paused_until timestamptz,
  tokens double precision,
  tokens_at timestamptz,
  minute_start timestamptz,
  minute_count int,
  hour_start timestamptz,
  hour_count int
);

CREATE TABLE mayday.repositories (
  id bigint PRIMARY KEY,
  installation_id bigint NOT NULL,
  owner text NOT NULL,
  name text NOT NULL,
  private boolean NOT NULL,
  default_branch text,
  settings jsonb,
  settings_at timestamptz,
  labels_at timestamptz,
  removed_at timestamptz
);
CREATE INDEX repositories_installation ON mayday.repositories (installation_id);

CREATE TABLE mayday.incidents (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  installation_id bigint NOT NULL,
  repository_id bigint NOT NULL,
  number int NOT NULL,
  snapshot jsonb,
  live boolean NOT NULL DEFAULT false,
  wake_at timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE (repository_id, number)
);
CREATE INDEX incidents_wake_at ON mayday.incidents (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX incidents_live ON mayday.incidents (repository_id) WHERE live;

CREATE TABLE mayday.events (
  -- The order of arrival: the clock that writes recorded_at may go back.
  arrived bigint GENERATED ALWAYS AS IDENTITY,
  incident_id bigint NOT NULL,
  key text NOT NULL,
  at timestamptz NOT NULL,
  body jsonb NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (incident_id, key)
);

CREATE TABLE mayday.refs (
  incident_id bigint NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  repository_id bigint,
  number int,
  body jsonb,
  PRIMARY KEY (incident_id, kind, key)
);
CREATE INDEX refs_number ON mayday.refs (repository_id, number, kind);

-- One row per thing that is kept in step: how often it was wanted, and up to which wish it was done.
CREATE TABLE mayday.syncs (
  key text PRIMARY KEY,
  wanted bigint NOT NULL,
  done bigint NOT NULL,
  ran_at timestamptz
);

-- What came in and is not handled yet. Each key is a line of its own; a key has a row in inbox_lines, and a job in the
-- queue for the first in its line, as long as anything waits in it.
CREATE TABLE mayday.inbox (
  key text NOT NULL,
  place bigint GENERATED ALWAYS AS IDENTITY,
  job_group text,
  body jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (key, place)
);

CREATE TABLE mayday.inbox_lines (
  key text PRIMARY KEY,
  waiting int NOT NULL
);
