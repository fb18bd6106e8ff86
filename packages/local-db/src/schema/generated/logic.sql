-- Made by `pnpm db:generate` from packages/database/src/local-schema. Do not edit.
-- Views, functions and triggers: the part of schema.sql that a migration replaces whole.

-- A JSON object that is edited key by key. Text left empty, `false` and null all mean that the key is not there.
CREATE FUNCTION present_value(value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN value IN ('""', 'false', 'null') THEN NULL ELSE value END;

CREATE FUNCTION merge_by_key(held jsonb, changed jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (coalesce(held, '{}') || changed)
  - ARRAY(SELECT change.key FROM jsonb_each(changed) AS change WHERE present_value(change.value) IS NULL);

-- What `merge_by_key` has to be given to make `wanted` of `held`; null where that is nothing.
CREATE FUNCTION changed_keys(held jsonb, wanted jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (
  SELECT jsonb_object_agg(either.key, coalesce(nullif(wanted -> either.key, 'null'), '""'))
  FROM (SELECT jsonb_object_keys(held) UNION SELECT jsonb_object_keys(wanted)) AS either (key)
  WHERE present_value(held -> either.key) IS DISTINCT FROM present_value(wanted -> either.key)
);

-- What stands of an operation's changes: where a field gave way to somebody else's, the value that was kept.
-- Conflicts name fields as `status`, or `values.name` for a key of a column that is merged by key.
CREATE FUNCTION standing_changes(
  changes jsonb,
  conflict jsonb,
  merged_keys text[],
  OUT standing jsonb,
  OUT has_lost boolean -- nothing of it stands
)
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
  field text;
  outcome jsonb;
  path text[];
BEGIN
  standing := changes;
  has_lost := false;
  IF jsonb_typeof(conflict) IS DISTINCT FROM 'object' OR conflict = '{}' THEN
    RETURN;
  END IF;
  FOR field, outcome IN SELECT * FROM jsonb_each(conflict) LOOP
    path := CASE
      WHEN split_part(field, '.', 1) = ANY (merged_keys)
        THEN ARRAY[split_part(field, '.', 1), substr(field, strpos(field, '.') + 1)]
      ELSE ARRAY[field]
    END;
    CONTINUE WHEN standing #> path IS NULL;
    standing := jsonb_set(standing, path, coalesce(outcome -> 'kept', 'null'));
  END LOOP;
  has_lost := NOT EXISTS (
    SELECT FROM jsonb_each(changes) AS own
    WHERE CASE
      WHEN own.key = ANY (merged_keys) AND jsonb_typeof(own.value) = 'object' THEN EXISTS (
        SELECT FROM jsonb_each(own.value) AS part
        WHERE present_value(part.value) IS NOT DISTINCT FROM present_value(standing -> own.key -> part.key)
      )
      ELSE own.value = standing -> own.key
    END
  );
END
$$;

-- Whether a shape has brought what a transaction of the server wrote. Ids are compared as numbers.
CREATE FUNCTION is_txid_seen(given_shape text, given_txid bigint) RETURNS boolean
LANGUAGE sql STABLE
RETURN
  EXISTS (SELECT FROM seen_txids WHERE shape = given_shape AND txid = given_txid)
  OR EXISTS (
    SELECT FROM seen_snapshots
    WHERE shape = given_shape
      AND (given_txid < snapshot_xmin OR (given_txid < snapshot_xmax AND NOT given_txid = ANY (snapshot_xip)))
  );

-- What the operations that count make of a row, in the order of writing. Which of them count stands in SPEC.md.
CREATE FUNCTION fold_operations(
  given_entity text,
  given_id uuid,
  given_shape text,
  merged_keys text[],
  is_synced boolean, -- the server's row is here
  synced_write_id uuid,
  synced_version integer,
  OUT is_pending boolean, -- anything counts
  OUT is_new boolean,
  OUT is_deleted boolean,
  OUT shown jsonb, -- values by property
  OUT write_id uuid, -- the last operation of which something stands
  OUT captured_at timestamp with time zone -- when the row was inserted, if it was here
)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
  operation record;
  change record;
  merged text;
BEGIN
  is_pending := false;
  is_new := false;
  is_deleted := false;
  shown := '{}';
  FOR operation IN
    WITH of_row AS (
      SELECT *, row_number() OVER (ORDER BY (state = 'written'), place, op_id) AS turn
      FROM sync_operations
      WHERE entity = given_entity AND entity_id = given_id
    ), arrived AS (
      -- Where one has arrived, all before it have.
      SELECT coalesce(max(turn), 0) AS turn
      FROM of_row
      WHERE op_id = synced_write_id
        OR (action = 'insert' AND is_synced)
        OR (
          state = 'delivered'
          AND (
            version <= synced_version
            OR is_txid_seen(given_shape, txid)
            -- Nothing could ever tell.
            OR (version IS NULL AND txid IS NULL)
          )
        )
    )
    SELECT of_row.*
    FROM of_row, arrived
    WHERE of_row.turn > arrived.turn AND of_row.state IN ('written', 'queued', 'sending', 'delivered')
    ORDER BY of_row.turn
  LOOP
    -- A visitor's own operations say nothing of what is in them.
    CONTINUE WHEN operation.action <> 'delete' AND jsonb_typeof(operation.changes) IS DISTINCT FROM 'object';
    is_pending := true;
    CASE operation.action
      WHEN 'insert' THEN
        is_new := true;
        is_deleted := false;
        shown := operation.changes;
        write_id := operation.op_id;
        captured_at := operation.captured_at;
      WHEN 'delete' THEN
        IF jsonb_typeof(operation.conflict) = 'object' AND operation.conflict <> '{}' THEN
          -- Somebody wrote meanwhile: the row stays, with the values that were kept.
          shown := shown || (
            SELECT jsonb_object_agg(field.key, field.value -> 'kept') FROM jsonb_each(operation.conflict) AS field
          );
        ELSE
          is_deleted := true;
          write_id := operation.op_id;
        END IF;
      WHEN 'update' THEN
        SELECT * INTO change FROM standing_changes(operation.changes, operation.conflict, merged_keys);
        FOREACH merged IN ARRAY merged_keys LOOP
          IF jsonb_typeof(change.standing -> merged) = 'object' THEN
            change.standing := jsonb_set(
              change.standing,
              ARRAY[merged],
              coalesce(shown -> merged, '{}') || (change.standing -> merged)
            );
          ELSE
            change.standing := change.standing - merged;
          END IF;
        END LOOP;
        shown := shown || change.standing;
        IF NOT change.has_lost THEN
          write_id := operation.op_id;
        END IF;
      ELSE
        -- An action of a newer build shows nothing.
    END CASE;
  END LOOP;
END
$$;

-- What a statement on a view leaves behind: one operation, `written`, of its transaction. All settings end with the
-- transaction, since all tabs share one session.
CREATE FUNCTION append_operation(
  given_entity text,
  given_id uuid,
  given_action text,
  given_changes jsonb,
  shown_version integer -- of the row in the view; null where there was none
) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  writing uuid := nullif(current_setting('landfall.transaction_id', true), '');
BEGIN
  IF writing IS NULL THEN
    writing := uuidv7();
    PERFORM set_config('landfall.transaction_id', writing::text, true);
  END IF;
  IF (SELECT count(*) FROM sync_operations WHERE transaction_id = writing) >= 100 THEN
    RAISE EXCEPTION 'a transaction may write 100 rows, and this one writes more'
      USING ERRCODE = 'LF001', HINT = 'They are sent as one request: write the rest in another transaction.';
  END IF;
  INSERT INTO sync_operations (
    op_id, place, transaction_id, entity, entity_id, action, state, label, changes, base_version, captured_at
  )
  VALUES (
    uuidv7(),
    (SELECT coalesce(max(place), 0) + 1 FROM sync_operations),
    writing,
    given_entity,
    given_id,
    given_action,
    'written',
    coalesce(nullif(current_setting('landfall.label', true), ''), given_entity || ' ' || given_action),
    given_changes,
    -- A row that is not on the server yet will be of version 1 when this comes to it.
    CASE WHEN given_action <> 'insert' THEN greatest(
      1,
      -- What its writer had on the screen, where that is known: the row may have moved on since.
      coalesce(nullif(current_setting('landfall.seen_version', true), '')::integer, shown_version),
      (
        SELECT max(version) FROM sync_operations
        WHERE entity = given_entity AND entity_id = given_id AND state = 'delivered'
      )
    ) END,
    -- As finely as the outbox keeps it.
    date_trunc('milliseconds', clock_timestamp())
  );
END
$$;

-- For the statements that a view does not take.
CREATE FUNCTION refuse_statement() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  RAISE EXCEPTION 'rows of "%" take no %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'LF005', TABLE = TG_TABLE_NAME;
END
$$;

-- Whoever changes `sync_operations` or `seen_txids` leaves the views right.
CREATE FUNCTION project_operations() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  CASE TG_OP
    WHEN 'INSERT' THEN
      PERFORM project_row(entity, entity_id) FROM (SELECT DISTINCT entity, entity_id FROM new_rows);
    WHEN 'UPDATE' THEN
      PERFORM project_row(entity, entity_id)
      FROM (SELECT entity, entity_id FROM new_rows UNION SELECT entity, entity_id FROM old_rows);
    WHEN 'DELETE' THEN
      PERFORM project_row(entity, entity_id) FROM (SELECT DISTINCT entity, entity_id FROM old_rows);
  END CASE;
  RETURN NULL;
END
$$;

CREATE TRIGGER project_inserted AFTER INSERT ON sync_operations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION project_operations();
CREATE TRIGGER project_updated AFTER UPDATE ON sync_operations
  REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION project_operations();
CREATE TRIGGER project_deleted AFTER DELETE ON sync_operations
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION project_operations();

-- A shape has brought transactions: what waited for them has arrived.
CREATE FUNCTION project_seen() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM project_row(entity, entity_id)
  FROM (
    SELECT DISTINCT operation.entity, operation.entity_id
    FROM sync_operations AS operation
    WHERE operation.state = 'delivered'
      AND EXISTS (SELECT FROM new_rows WHERE is_txid_seen(new_rows.shape, operation.txid))
  );
  RETURN NULL;
END
$$;

CREATE TRIGGER project_seen AFTER INSERT ON seen_txids
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION project_seen();
CREATE TRIGGER project_seen AFTER INSERT ON seen_snapshots
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION project_seen();
CREATE TRIGGER project_seen_again AFTER UPDATE ON seen_snapshots
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION project_seen();

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

-- Fields of delivered edits that met somebody else's: what stands, and what gave way.
CREATE VIEW sync_conflicts AS
SELECT
  operation.op_id,
  operation.entity,
  operation.entity_id,
  field.key AS field,
  field.value -> 'kept' AS kept,
  field.value -> 'lost' AS lost,
  -- Where a key of an object was edited, a field is `<column>.<key>`.
  coalesce(
    present_value(field.value -> 'kept') IS NOT DISTINCT FROM present_value(
      coalesce(
        operation.changes -> field.key,
        operation.changes -> split_part(field.key, '.', 1) -> substr(field.key, strpos(field.key, '.') + 1)
      )
    ),
    false
  ) AS is_mine_kept,
  operation.delivered_at
FROM sync_operations AS operation
CROSS JOIN LATERAL jsonb_each(
  CASE WHEN jsonb_typeof(operation.conflict) = 'object' THEN operation.conflict ELSE '{}' END
) AS field
WHERE operation.state = 'delivered'
ORDER BY operation.place DESC, field.key;

CREATE VIEW leads AS
SELECT
  synced.id,
  local.write_id IS NOT NULL AS _has_local_changes,
  local.write_id AS _pending_write_id,
  synced.form_id,
  synced.form_version,
  CASE WHEN 'values' = ANY (local.changed_columns) THEN merge_by_key(synced."values", local."values") ELSE synced."values" END AS "values",
  synced.attribution,
  CASE WHEN 'status' = ANY (local.changed_columns) THEN local.status ELSE synced.status END AS status,
  coalesce(synced.spam_reasons, '[]') AS spam_reasons,
  coalesce(synced.consents, '[]') AS consents,
  synced.captured_at,
  synced.received_at,
  synced.captured_offline,
  synced.clock_skew_ms,
  synced.updated_at,
  synced.version,
  synced.write_id
FROM leads_synced AS synced
LEFT JOIN leads_local AS local ON local.id = synced.id AND (synced.status = 'withdrawn') IS NOT TRUE;

-- Makes the row of leads_local what its operations say, or removes it.
CREATE FUNCTION leads_project(row_id uuid) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  synced record;
  folded record;
BEGIN
  SELECT true AS is_here, write_id, version INTO synced FROM leads_synced WHERE id = row_id;
  SELECT * INTO folded
  FROM fold_operations(
    'lead', row_id, 'leads', ARRAY['values'],
    synced.is_here IS TRUE, synced.write_id, synced.version
  );
  IF NOT folded.is_pending THEN
    DELETE FROM leads_local WHERE id = row_id;
    RETURN;
  END IF;
  INSERT INTO leads_local AS held (
    id,
    "values",
    status,
    changed_columns,
    is_new,
    is_deleted,
    write_id,
    captured_at
  )
  VALUES (
    row_id,
    nullif(folded.shown -> 'values', 'null'),
    folded.shown ->> 'status',
    array_remove(ARRAY[
      CASE WHEN folded.shown ? 'values' THEN 'values' END,
      CASE WHEN folded.shown ? 'status' THEN 'status' END
    ], NULL),
    folded.is_new,
    folded.is_deleted,
    folded.write_id,
    folded.captured_at
  )
  ON CONFLICT (id) DO UPDATE SET
    "values" = excluded."values",
    status = excluded.status,
    changed_columns = excluded.changed_columns,
    is_new = excluded.is_new,
    is_deleted = excluded.is_deleted,
    write_id = excluded.write_id,
    captured_at = excluded.captured_at
  WHERE (held.*) IS DISTINCT FROM (excluded.*);
EXCEPTION WHEN data_exception THEN
  -- A value that can't be read, of another build. It stays in sync_operations, and must not keep the others from there.
  DELETE FROM leads_local WHERE id = row_id;
END
$$;

CREATE FUNCTION leads_project_synced() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM sync_operations WHERE entity = 'lead') THEN
    RETURN NULL;
  END IF;
  CASE TG_OP
    WHEN 'INSERT' THEN
      PERFORM leads_project(id) FROM (
        SELECT id FROM new_rows WHERE (id IN (SELECT entity_id FROM sync_operations WHERE entity = 'lead')) IS TRUE
      );
    WHEN 'UPDATE' THEN
      PERFORM leads_project(id) FROM (
        SELECT id FROM new_rows WHERE (id IN (SELECT entity_id FROM sync_operations WHERE entity = 'lead')) IS TRUE
        UNION
        SELECT id FROM old_rows WHERE (id IN (SELECT entity_id FROM sync_operations WHERE entity = 'lead')) IS TRUE
      );
    WHEN 'DELETE' THEN
      PERFORM leads_project(id) FROM (
        SELECT id FROM old_rows WHERE (id IN (SELECT entity_id FROM sync_operations WHERE entity = 'lead')) IS TRUE
      );
    WHEN 'TRUNCATE' THEN
      PERFORM leads_project(id) FROM (
        SELECT DISTINCT entity_id AS id FROM sync_operations WHERE entity = 'lead'
      );
  END CASE;
  RETURN NULL;
END
$$;

CREATE TRIGGER project_inserted AFTER INSERT ON leads_synced
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION leads_project_synced();
CREATE TRIGGER project_updated AFTER UPDATE ON leads_synced
  REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION leads_project_synced();
CREATE TRIGGER project_deleted AFTER DELETE ON leads_synced
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION leads_project_synced();
CREATE TRIGGER project_truncated AFTER TRUNCATE ON leads_synced
  FOR EACH STATEMENT EXECUTE FUNCTION leads_project_synced();

CREATE TRIGGER write_insert INSTEAD OF INSERT ON leads FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE FUNCTION leads_update() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  refused text;
  changes jsonb := '{}';
  keys jsonb;
BEGIN
  refused := CASE
    WHEN NEW.id IS DISTINCT FROM OLD.id THEN 'id'
    WHEN NEW.form_id IS DISTINCT FROM OLD.form_id THEN 'form_id'
    WHEN NEW.form_version IS DISTINCT FROM OLD.form_version THEN 'form_version'
    WHEN NEW.attribution IS DISTINCT FROM OLD.attribution THEN 'attribution'
    WHEN NEW.spam_reasons IS DISTINCT FROM OLD.spam_reasons THEN 'spam_reasons'
    WHEN NEW.consents IS DISTINCT FROM OLD.consents THEN 'consents'
    WHEN NEW.captured_at IS DISTINCT FROM OLD.captured_at THEN 'captured_at'
    WHEN NEW.received_at IS DISTINCT FROM OLD.received_at THEN 'received_at'
    WHEN NEW.captured_offline IS DISTINCT FROM OLD.captured_offline THEN 'captured_offline'
    WHEN NEW.clock_skew_ms IS DISTINCT FROM OLD.clock_skew_ms THEN 'clock_skew_ms'
    WHEN NEW.updated_at IS DISTINCT FROM OLD.updated_at THEN 'updated_at'
    WHEN NEW.version IS DISTINCT FROM OLD.version THEN 'version'
    WHEN NEW.write_id IS DISTINCT FROM OLD.write_id THEN 'write_id'
    WHEN NEW._has_local_changes IS DISTINCT FROM OLD._has_local_changes THEN '_has_local_changes'
    WHEN NEW._pending_write_id IS DISTINCT FROM OLD._pending_write_id THEN '_pending_write_id'
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION 'column "%" of "leads" can not be changed', refused
      USING ERRCODE = 'LF002', TABLE = 'leads', COLUMN = refused;
  END IF;
  refused := CASE
    WHEN NEW."values" IS NULL AND OLD."values" IS NOT NULL THEN 'values'
    WHEN NEW.status IS NULL AND OLD.status IS NOT NULL THEN 'status'
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION 'column "%" of "leads" needs a value', refused
      USING ERRCODE = 'not_null_violation', TABLE = 'leads', COLUMN = refused;
  END IF;
  IF NEW."values" IS DISTINCT FROM OLD."values" THEN
    IF jsonb_typeof(NEW."values") IS DISTINCT FROM 'object' THEN
      RAISE EXCEPTION 'column "values" of "leads" is an object'
        USING ERRCODE = 'LF004', TABLE = 'leads', COLUMN = 'values';
    END IF;
    keys := changed_keys(coalesce(OLD."values", '{}'), NEW."values");
    IF keys IS NOT NULL THEN
      changes := changes || jsonb_build_object('values', keys);
    END IF;
  END IF;
  IF NEW.status IS DISTINCT FROM OLD.status THEN
    changes := changes || jsonb_build_object('status', NEW.status);
  END IF;
  IF changes = '{}' THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM leads_synced AS synced WHERE synced.id = OLD.id AND (synced.status = 'withdrawn')) THEN
    RAISE EXCEPTION 'the row % of "leads" takes no more changes', OLD.id
      USING ERRCODE = 'LF003', TABLE = 'leads';
  END IF;
  PERFORM append_operation('lead', OLD.id, 'update', changes, OLD.version);
  SELECT * INTO NEW FROM leads WHERE id = OLD.id;
  RETURN NEW;
END
$$;
CREATE TRIGGER write_update INSTEAD OF UPDATE ON leads FOR EACH ROW EXECUTE FUNCTION leads_update();

CREATE TRIGGER write_delete INSTEAD OF DELETE ON leads FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE VIEW notes AS
SELECT
  synced.id,
  local.write_id IS NOT NULL AS _has_local_changes,
  local.write_id AS _pending_write_id,
  synced.lead_id,
  synced.author_id,
  CASE WHEN 'body' = ANY (local.changed_columns) THEN local.body ELSE synced.body END AS body,
  synced.created_at,
  synced.updated_at,
  synced.version,
  synced.write_id
FROM notes_synced AS synced
LEFT JOIN notes_local AS local ON local.id = synced.id
WHERE local.is_deleted IS NOT TRUE
UNION ALL
SELECT
  local.id,
  local.write_id IS NOT NULL,
  local.write_id,
  local.lead_id,
  (SELECT nullif(split_part(owner, '.', 2), '') FROM local_owner) AS author_id,
  local.body,
  local.captured_at AS created_at,
  local.captured_at AS updated_at,
  0 AS version,
  NULL::uuid AS write_id
FROM notes_local AS local
-- A row that the server has is not new: its projection sees to that.
WHERE local.is_new AND NOT local.is_deleted;

-- Makes the row of notes_local what its operations say, or removes it.
CREATE FUNCTION notes_project(row_id uuid) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  synced record;
  folded record;
BEGIN
  SELECT true AS is_here, write_id, version INTO synced FROM notes_synced WHERE id = row_id;
  SELECT * INTO folded
  FROM fold_operations(
    'note', row_id, 'notes', '{}'::text[],
    synced.is_here IS TRUE, synced.write_id, synced.version
  );
  IF NOT folded.is_pending THEN
    DELETE FROM notes_local WHERE id = row_id;
    RETURN;
  END IF;
  INSERT INTO notes_local AS held (
    id,
    lead_id,
    body,
    changed_columns,
    is_new,
    is_deleted,
    write_id,
    captured_at
  )
  VALUES (
    row_id,
    (folded.shown ->> 'leadId')::uuid,
    folded.shown ->> 'body',
    array_remove(ARRAY[
      CASE WHEN folded.shown ? 'leadId' THEN 'lead_id' END,
      CASE WHEN folded.shown ? 'body' THEN 'body' END
    ], NULL),
    folded.is_new,
    folded.is_deleted,
    folded.write_id,
    folded.captured_at
  )
  ON CONFLICT (id) DO UPDATE SET
    lead_id = excluded.lead_id,
    body = excluded.body,
    changed_columns = excluded.changed_columns,
    is_new = excluded.is_new,
    is_deleted = excluded.is_deleted,
    write_id = excluded.write_id,
    captured_at = excluded.captured_at
  WHERE (held.*) IS DISTINCT FROM (excluded.*);
EXCEPTION WHEN data_exception THEN
  -- A value that can't be read, of another build. It stays in sync_operations, and must not keep the others from there.
  DELETE FROM notes_local WHERE id = row_id;
END
$$;

CREATE FUNCTION notes_project_synced() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM sync_operations WHERE entity = 'note') THEN
    RETURN NULL;
  END IF;
  CASE TG_OP
    WHEN 'INSERT' THEN
      PERFORM notes_project(id) FROM (
        SELECT id FROM new_rows WHERE (id IN (SELECT entity_id FROM sync_operations WHERE entity = 'note')) IS TRUE
      );
    WHEN 'UPDATE' THEN
      PERFORM notes_project(id) FROM (
        SELECT id FROM new_rows WHERE (id IN (SELECT entity_id FROM sync_operations WHERE entity = 'note')) IS TRUE
        UNION
        SELECT id FROM old_rows WHERE (id IN (SELECT entity_id FROM sync_operations WHERE entity = 'note')) IS TRUE
      );
    WHEN 'DELETE' THEN
      PERFORM notes_project(id) FROM (
        SELECT id FROM old_rows WHERE (id IN (SELECT entity_id FROM sync_operations WHERE entity = 'note')) IS TRUE
      );
    WHEN 'TRUNCATE' THEN
      PERFORM notes_project(id) FROM (
        SELECT DISTINCT entity_id AS id FROM sync_operations WHERE entity = 'note'
      );
  END CASE;
  RETURN NULL;
END
$$;

CREATE TRIGGER project_inserted AFTER INSERT ON notes_synced
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION notes_project_synced();
CREATE TRIGGER project_updated AFTER UPDATE ON notes_synced
  REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION notes_project_synced();
CREATE TRIGGER project_deleted AFTER DELETE ON notes_synced
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION notes_project_synced();
CREATE TRIGGER project_truncated AFTER TRUNCATE ON notes_synced
  FOR EACH STATEMENT EXECUTE FUNCTION notes_project_synced();

CREATE FUNCTION notes_insert() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  refused text;
  changes jsonb := '{}';
BEGIN
  NEW.id := coalesce(NEW.id, uuidv7());
  refused := CASE
    WHEN NEW.author_id IS NOT NULL THEN 'author_id'
    WHEN NEW.created_at IS NOT NULL THEN 'created_at'
    WHEN NEW.updated_at IS NOT NULL THEN 'updated_at'
    WHEN NEW.version IS NOT NULL THEN 'version'
    WHEN NEW.write_id IS NOT NULL THEN 'write_id'
    WHEN NEW._has_local_changes IS NOT NULL THEN '_has_local_changes'
    WHEN NEW._pending_write_id IS NOT NULL THEN '_pending_write_id'
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION 'column "%" of "notes" is not given by who inserts', refused
      USING ERRCODE = 'LF002', TABLE = 'notes', COLUMN = refused;
  END IF;
  refused := CASE
    WHEN NEW.lead_id IS NULL THEN 'lead_id'
    WHEN NEW.body IS NULL THEN 'body'
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION 'column "%" of "notes" needs a value', refused
      USING ERRCODE = 'not_null_violation', TABLE = 'notes', COLUMN = refused;
  END IF;
  IF
    EXISTS (SELECT FROM notes_synced WHERE id = NEW.id)
    OR EXISTS (SELECT FROM notes_local WHERE id = NEW.id)
  THEN
    RAISE EXCEPTION 'a row of "notes" with the id % has been written already', NEW.id
      USING ERRCODE = 'unique_violation', TABLE = 'notes', COLUMN = 'id';
  END IF;
  IF NEW.lead_id IS NOT NULL THEN
    changes := changes || jsonb_build_object('leadId', NEW.lead_id);
  END IF;
  IF NEW.body IS NOT NULL THEN
    changes := changes || jsonb_build_object('body', NEW.body);
  END IF;
  PERFORM append_operation('note', NEW.id, 'insert', changes, NULL);
  SELECT * INTO NEW FROM notes WHERE id = NEW.id;
  RETURN NEW;
END
$$;
CREATE TRIGGER write_insert INSTEAD OF INSERT ON notes FOR EACH ROW EXECUTE FUNCTION notes_insert();

CREATE FUNCTION notes_update() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  refused text;
  changes jsonb := '{}';
BEGIN
  refused := CASE
    WHEN NEW.id IS DISTINCT FROM OLD.id THEN 'id'
    WHEN NEW.lead_id IS DISTINCT FROM OLD.lead_id THEN 'lead_id'
    WHEN NEW.author_id IS DISTINCT FROM OLD.author_id THEN 'author_id'
    WHEN NEW.created_at IS DISTINCT FROM OLD.created_at THEN 'created_at'
    WHEN NEW.updated_at IS DISTINCT FROM OLD.updated_at THEN 'updated_at'
    WHEN NEW.version IS DISTINCT FROM OLD.version THEN 'version'
    WHEN NEW.write_id IS DISTINCT FROM OLD.write_id THEN 'write_id'
    WHEN NEW._has_local_changes IS DISTINCT FROM OLD._has_local_changes THEN '_has_local_changes'
    WHEN NEW._pending_write_id IS DISTINCT FROM OLD._pending_write_id THEN '_pending_write_id'
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION 'column "%" of "notes" can not be changed', refused
      USING ERRCODE = 'LF002', TABLE = 'notes', COLUMN = refused;
  END IF;
  refused := CASE
    WHEN NEW.body IS NULL AND OLD.body IS NOT NULL THEN 'body'
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION 'column "%" of "notes" needs a value', refused
      USING ERRCODE = 'not_null_violation', TABLE = 'notes', COLUMN = refused;
  END IF;
  IF NEW.body IS DISTINCT FROM OLD.body THEN
    changes := changes || jsonb_build_object('body', NEW.body);
  END IF;
  IF changes = '{}' THEN
    RETURN NEW;
  END IF;
  PERFORM append_operation('note', OLD.id, 'update', changes, OLD.version);
  SELECT * INTO NEW FROM notes WHERE id = OLD.id;
  RETURN NEW;
END
$$;
CREATE TRIGGER write_update INSTEAD OF UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION notes_update();

CREATE FUNCTION notes_delete() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM append_operation('note', OLD.id, 'delete', NULL, OLD.version);
  RETURN OLD;
END
$$;
CREATE TRIGGER write_delete INSTEAD OF DELETE ON notes FOR EACH ROW EXECUTE FUNCTION notes_delete();

CREATE VIEW lead_events AS
SELECT
  synced.id,
  synced.lead_id,
  synced.kind,
  synced.actor_kind,
  synced.member_id,
  synced.op_id,
  synced.data,
  synced.captured_at,
  synced.created_at
FROM lead_events_synced AS synced;

CREATE TRIGGER write_insert INSTEAD OF INSERT ON lead_events FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE TRIGGER write_update INSTEAD OF UPDATE ON lead_events FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE TRIGGER write_delete INSTEAD OF DELETE ON lead_events FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE VIEW members AS
SELECT
  synced.id,
  synced.user_id,
  synced.display_name,
  synced.role,
  synced.created_at
FROM members_synced AS synced;

CREATE TRIGGER write_insert INSTEAD OF INSERT ON members FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE TRIGGER write_update INSTEAD OF UPDATE ON members FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE TRIGGER write_delete INSTEAD OF DELETE ON members FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE VIEW forms AS
SELECT
  synced.id,
  synced.title,
  synced.current_version,
  synced.position,
  synced.created_at
FROM forms_synced AS synced;

CREATE TRIGGER write_insert INSTEAD OF INSERT ON forms FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE TRIGGER write_update INSTEAD OF UPDATE ON forms FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE TRIGGER write_delete INSTEAD OF DELETE ON forms FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE VIEW form_versions AS
SELECT
  synced.form_id,
  synced.version,
  synced.definition,
  synced.published_at
FROM form_versions_synced AS synced;

CREATE TRIGGER write_insert INSTEAD OF INSERT ON form_versions FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE TRIGGER write_update INSTEAD OF UPDATE ON form_versions FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE TRIGGER write_delete INSTEAD OF DELETE ON form_versions FOR EACH ROW EXECUTE FUNCTION refuse_statement();

CREATE FUNCTION project_row(entity text, row_id uuid) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  CASE entity
    WHEN 'lead' THEN
      PERFORM leads_project(row_id);
    WHEN 'note' THEN
      PERFORM notes_project(row_id);
    ELSE
      -- Of another build, or shown by no view.
  END CASE;
END
$$;
