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
  IF (SELECT count(*) FROM sync_operations WHERE transaction_id = writing) >= {{most_operations}} THEN
    RAISE EXCEPTION 'a transaction may write {{most_operations}} rows, and this one writes more'
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
