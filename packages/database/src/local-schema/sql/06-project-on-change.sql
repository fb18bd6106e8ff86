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
