-- `<entity>_synced` is written by its shape alone. It has no constraint beyond the key: one row that failed a check would
-- cost the whole batch of the shape it came with.

CREATE TABLE receipts_synced (
  lead_id uuid PRIMARY KEY,
  status text,
  form_title text,
  captured_at timestamptz,
  received_at timestamptz,
  status_changed_at timestamptz,
  version integer
);

CREATE TABLE leads_synced (
  id uuid PRIMARY KEY,
  form_id text,
  form_version integer,
  "values" jsonb,
  attribution jsonb,
  status text,
  spam_reasons jsonb,
  consents jsonb,
  captured_at timestamptz,
  received_at timestamptz,
  captured_offline boolean,
  clock_skew_ms bigint,
  updated_at timestamptz,
  version integer,
  write_id uuid
);

-- Mirror of the outbox, which is the truth: only `reconcile` writes here.
CREATE TABLE sync_operations (
  op_id uuid PRIMARY KEY,
  -- In the order of writing. Ids come in that order too, but for a clock that was put back.
  place bigint NOT NULL,
  group_id uuid,
  entity text NOT NULL,
  entity_id uuid NOT NULL,
  action text NOT NULL,
  state text NOT NULL,
  label text NOT NULL,
  changes jsonb,
  captured_at timestamptz NOT NULL,
  attempts integer NOT NULL,
  next_attempt_at timestamptz,
  delivered_at timestamptz,
  txid bigint,
  version integer,
  conflict jsonb,
  reason text
);
CREATE INDEX sync_operations_entity ON sync_operations (entity, action, entity_id, place);

-- The newest snapshot of the outbox that reached us, so that an older one of another tab can't undo it.
CREATE TABLE reconciled_revision (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  revision bigint NOT NULL
);

-- What a visitor sees of each lead. Once the server has sent a receipt it speaks for the lead, whatever the outbox
-- still believes: a lost answer leaves the entry queued though the lead has arrived.
CREATE VIEW enquiries AS
WITH sent AS (
  -- A corrected lead is a new operation on the same lead: the later one counts.
  SELECT DISTINCT ON (entity_id) *
  FROM sync_operations
  WHERE entity = 'lead' AND action = 'insert'
  ORDER BY entity_id, place DESC
), changed AS (
  -- What the visitor did to it afterwards. What was refused changed nothing.
  SELECT
    entity_id,
    (count(*) FILTER (WHERE action = 'update' AND state IN ('queued', 'sending')))::integer AS pending_changes,
    max(delivered_at) FILTER (WHERE action = 'update' AND state = 'delivered') AS changed_at,
    bool_or(action = 'delete' AND state IN ('queued', 'sending')) AS is_withdrawing,
    max(delivered_at) FILTER (WHERE action = 'delete' AND state = 'delivered') AS withdrawn_at
  FROM sync_operations
  WHERE entity = 'lead' AND action IN ('update', 'delete')
  GROUP BY entity_id
)
SELECT
  coalesce(receipt.lead_id, sent.entity_id) AS lead_id,
  coalesce(receipt.form_title, sent.label) AS label,
  CASE
    WHEN receipt.status = 'withdrawn' OR changed.withdrawn_at IS NOT NULL THEN 'withdrawn'
    -- Read meanwhile: a withdrawal that is still on its way will be refused.
    WHEN receipt.status IN ('reviewing', 'contacted', 'closed') THEN receipt.status
    WHEN receipt.lead_id IS NULL AND sent.state = 'dead' THEN 'failed'
    WHEN changed.is_withdrawing THEN 'withdrawing'
    WHEN receipt.lead_id IS NOT NULL THEN 'received'
    WHEN sent.state = 'sending' THEN 'sending'
    WHEN sent.state = 'delivered' THEN 'sent'
    ELSE 'saved'
  END AS progress,
  coalesce(sent.captured_at, receipt.captured_at) AS captured_at,
  sent.delivered_at AS sent_at,
  receipt.received_at,
  CASE
    WHEN receipt.status = 'withdrawn' OR changed.withdrawn_at IS NULL THEN receipt.status_changed_at
    ELSE changed.withdrawn_at
  END AS status_changed_at,
  CASE WHEN receipt.lead_id IS NULL AND sent.state = 'dead' THEN sent.reason END AS reason,
  coalesce(sent.attempts, 0) AS attempts,
  CASE WHEN receipt.lead_id IS NULL THEN sent.next_attempt_at END AS next_attempt_at,
  coalesce(changed.pending_changes, 0) AS pending_changes,
  changed.changed_at
FROM sent
FULL JOIN receipts_synced AS receipt ON receipt.lead_id = sent.entity_id
LEFT JOIN changed ON changed.entity_id = coalesce(receipt.lead_id, sent.entity_id)
ORDER BY coalesce(sent.captured_at, receipt.captured_at) DESC, lead_id DESC;

-- What a member sees of each lead: the server's row under the member's own edits that the server's row doesn't hold yet.
CREATE VIEW leads AS
SELECT
  synced.id,
  synced.form_id,
  synced.form_version,
  synced."values",
  synced.attribution,
  -- Nobody can work on a lead that its visitor took back: an edit that is on its way will be refused.
  CASE WHEN edit.op_id IS NULL OR synced.status = 'withdrawn' THEN synced.status ELSE edit.status END AS status,
  coalesce(synced.spam_reasons, '[]') AS spam_reasons,
  coalesce(synced.consents, '[]') AS consents,
  synced.captured_at,
  synced.received_at,
  synced.captured_offline,
  synced.clock_skew_ms,
  synced.updated_at,
  synced.version,
  synced.write_id,
  edit.op_id IS NOT NULL AND NOT edit.has_lost AS _has_local_changes,
  CASE WHEN NOT edit.has_lost THEN edit.op_id END AS _pending_write_id
FROM leads_synced AS synced
LEFT JOIN LATERAL (
  SELECT
    operation.op_id,
    lost.has_lost,
    -- An edit that gave way to somebody else's brings the value that stands, before the row itself does.
    CASE
      WHEN lost.has_lost THEN operation.conflict #>> '{status,kept}'
      ELSE operation.changes ->> 'status'
    END AS status
  FROM sync_operations AS operation
  CROSS JOIN LATERAL (
    SELECT coalesce(operation.conflict -> 'status' -> 'kept' <> operation.changes -> 'status', false) AS has_lost
  ) AS lost
  WHERE operation.entity = 'lead'
    AND operation.action = 'update'
    AND operation.entity_id = synced.id
    -- Presence of the key decides, not its value: an edit may set a column to null.
    AND operation.changes ? 'status'
    AND (
      operation.state IN ('queued', 'sending')
      -- Delivered, and not yet back through the shape. Versions are the server's own count; write ids are made by the
      -- clocks of devices, and those lie.
      OR (operation.state = 'delivered' AND operation.version > coalesce(synced.version, 0))
    )
  ORDER BY operation.place DESC
  LIMIT 1
) AS edit ON true;
