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
