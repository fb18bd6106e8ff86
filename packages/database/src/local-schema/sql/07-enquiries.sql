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
    (count(*) FILTER (WHERE action = 'update' AND state IN ('written', 'queued', 'sending')))::integer AS pending_changes,
    max(delivered_at) FILTER (WHERE action = 'update' AND state = 'delivered') AS changed_at,
    bool_or(action = 'delete' AND state IN ('written', 'queued', 'sending')) AS is_withdrawing,
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
