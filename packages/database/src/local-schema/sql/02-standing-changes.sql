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
