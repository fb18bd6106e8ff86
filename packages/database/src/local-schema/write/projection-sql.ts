import { localColumns } from '../entity-tables.ts'
import type { ResolvedColumn, ResolvedEntity, ResolvedWrites } from '../resolve-entity.ts'
import { quoteName, quoteText, quoteTexts } from './quote-name.ts'

/** `<shape>_project(id)` and the triggers of the synced table that call it. */
export function projectionSql(entity: ResolvedEntity, writes: ResolvedWrites): string {
  return [projectSql(entity, writes), syncedTriggersSql(entity, writes)].join('\n\n')
}

function projectSql(entity: ResolvedEntity, writes: ResolvedWrites): string {
  const { shape, syncedTable, localTable } = entity
  const own = localColumns(entity)
  const targets = [
    'id',
    ...own.map(({ name }) => quoteName(name)),
    'changed_columns',
    'is_new',
    'is_deleted',
    'write_id',
    'captured_at',
  ]
  const values = [
    'row_id',
    ...own.map(readOverlay),
    changedColumns(own),
    'folded.is_new',
    'folded.is_deleted',
    'folded.write_id',
    'folded.captured_at',
  ]
  const merged = quoteTexts(own.filter(({ name }) => writes.mergedByKey.includes(name)).map(({ property }) => property))
  return `-- Makes the row of ${localTable} what its operations say, or removes it.
CREATE FUNCTION ${shape}_project(row_id uuid) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  synced record;
  folded record;
BEGIN
  SELECT true AS is_here, write_id, version INTO synced FROM ${syncedTable} WHERE id = row_id;
  SELECT * INTO folded
  FROM fold_operations(
    ${quoteText(writes.entity)}, row_id, ${quoteText(shape)}, ${merged},
    synced.is_here IS TRUE, synced.write_id, synced.version
  );
  IF NOT folded.is_pending THEN
    DELETE FROM ${localTable} WHERE id = row_id;
    RETURN;
  END IF;
  INSERT INTO ${localTable} AS held (
${targets.map((target) => `    ${target}`).join(',\n')}
  )
  VALUES (
${values.map((value) => `    ${value}`).join(',\n')}
  )
  ON CONFLICT (id) DO UPDATE SET
${targets
  .slice(1)
  .map((target) => `    ${target} = excluded.${target}`)
  .join(',\n')}
  WHERE (held.*) IS DISTINCT FROM (excluded.*);
EXCEPTION WHEN data_exception THEN
  -- A value that can't be read, of another build. It stays in sync_operations, and must not keep the others from there.
  DELETE FROM ${localTable} WHERE id = row_id;
END
$$;`
}

function readOverlay({ property, type }: ResolvedColumn): string {
  const key = quoteText(property)
  if (type === 'jsonb') return `nullif(folded.shown -> ${key}, 'null')`
  return type === 'text' ? `folded.shown ->> ${key}` : `(folded.shown ->> ${key})::${type}`
}

/** Presence of the key decides, not its value: an edit may set a column to null. */
function changedColumns(own: readonly ResolvedColumn[]): string {
  const cases = own.map(
    ({ name, property }) => `      CASE WHEN folded.shown ? ${quoteText(property)} THEN ${quoteText(name)} END`,
  )
  return `array_remove(ARRAY[\n${cases.join(',\n')}\n    ], NULL)`
}

/** Only rows that operations wait for are looked at, so that the many rows of a first sync cost little. */
function syncedTriggersSql({ shape, syncedTable }: ResolvedEntity, { entity }: ResolvedWrites): string {
  const name = `${shape}_project_synced`
  const waiting = `SELECT entity_id FROM sync_operations WHERE entity = ${quoteText(entity)}`
  // IS TRUE keeps the planner from joining: it takes the operations for one row, and would read the many rows for each.
  const among = (rows: string) => `SELECT id FROM ${rows} WHERE (id IN (${waiting})) IS TRUE`
  const project = (ids: string) => `PERFORM ${shape}_project(id) FROM (\n        ${ids}\n      );`
  return `CREATE FUNCTION ${name}() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM sync_operations WHERE entity = ${quoteText(entity)}) THEN
    RETURN NULL;
  END IF;
  CASE TG_OP
    WHEN 'INSERT' THEN
      ${project(among('new_rows'))}
    WHEN 'UPDATE' THEN
      ${project(`${among('new_rows')}\n        UNION\n        ${among('old_rows')}`)}
    WHEN 'DELETE' THEN
      ${project(among('old_rows'))}
    WHEN 'TRUNCATE' THEN
      ${project(`SELECT DISTINCT entity_id AS id FROM sync_operations WHERE entity = ${quoteText(entity)}`)}
  END CASE;
  RETURN NULL;
END
$$;

CREATE TRIGGER project_inserted AFTER INSERT ON ${syncedTable}
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ${name}();
CREATE TRIGGER project_updated AFTER UPDATE ON ${syncedTable}
  REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION ${name}();
CREATE TRIGGER project_deleted AFTER DELETE ON ${syncedTable}
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION ${name}();
CREATE TRIGGER project_truncated AFTER TRUNCATE ON ${syncedTable}
  FOR EACH STATEMENT EXECUTE FUNCTION ${name}();`
}

/** From an operation to the projection of its row. What no view shows, and what another build knows, changes nothing. */
export function projectRowSql(entities: readonly ResolvedEntity[]): string {
  const cases = entities.flatMap(({ shape, writes }) =>
    writes ? [`    WHEN ${quoteText(writes.entity)} THEN\n      PERFORM ${shape}_project(row_id);`] : [],
  )
  return `CREATE FUNCTION project_row(entity text, row_id uuid) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  CASE entity
${cases.join('\n')}
    ELSE
      -- Of another build, or shown by no view.
  END CASE;
END
$$;`
}
