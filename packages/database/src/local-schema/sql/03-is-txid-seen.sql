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
