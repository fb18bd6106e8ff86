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
