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
