import type { ResolvedColumn, ResolvedEntity, ResolvedWrites } from '../resolve-entity.ts'
import { quoteName, quoteText } from './quote-name.ts'

/** INSTEAD OF triggers of a view: one for each statement, also for those that it does not take. */
export function viewTriggersSql(entity: ResolvedEntity, view: string): string {
  const { writes } = entity
  return [
    writes && writes.insertable.length > 0 ? insertSql(entity, view, writes) : refusal(view, 'INSERT'),
    writes && writes.mutable.length > 0 ? updateSql(entity, view, writes) : refusal(view, 'UPDATE'),
    writes?.isDeletable ? deleteSql(entity, view, writes) : refusal(view, 'DELETE'),
  ].join('\n\n')
}

type Action = 'INSERT' | 'UPDATE' | 'DELETE'

const trigger = (view: string, action: Action, called: string) =>
  `CREATE TRIGGER write_${action.toLowerCase()} INSTEAD OF ${action} ON ${view} FOR EACH ROW EXECUTE FUNCTION ${called}();`

const refusal = (view: string, action: Action) => trigger(view, action, 'refuse_statement')

function writer(view: string, action: Action, declared: string[], body: string): string {
  const name = `${view}_${action.toLowerCase()}`
  return `CREATE FUNCTION ${name}() RETURNS trigger
LANGUAGE plpgsql
AS $$
${declared.length > 0 ? `DECLARE\n${declared.map((line) => `  ${line};`).join('\n')}\n` : ''}BEGIN
${body}
END
$$;
${trigger(view, action, name)}`
}

/** Columns of the view that are not of the server's row. */
const BOOKKEEPING = ['_has_local_changes', '_pending_write_id']

function insertSql({ columns, syncedTable, localTable }: ResolvedEntity, view: string, writes: ResolvedWrites): string {
  const given = columns.filter(({ name }) => writes.insertable.includes(name))
  const others = columns.map(({ name }) => name).filter((name) => name !== 'id' && !writes.insertable.includes(name))
  const body = `  NEW.id := coalesce(NEW.id, uuidv7());
  refused := CASE
${[...others, ...BOOKKEEPING]
  .map((name) => `    WHEN NEW.${quoteName(name)} IS NOT NULL THEN ${quoteText(name)}`)
  .join('\n')}
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION 'column "%" of "${view}" is not given by who inserts', refused
      USING ERRCODE = 'LF002', TABLE = ${quoteText(view)}, COLUMN = refused;
  END IF;
${notNullSql(view, given, ({ name }) => `NEW.${quoteName(name)} IS NULL`)}  IF
    EXISTS (SELECT FROM ${syncedTable} WHERE id = NEW.id)
    OR EXISTS (SELECT FROM ${localTable} WHERE id = NEW.id)
  THEN
    RAISE EXCEPTION 'a row of "${view}" with the id % has been written already', NEW.id
      USING ERRCODE = 'unique_violation', TABLE = ${quoteText(view)}, COLUMN = 'id';
  END IF;
${given
  .map(
    ({ name, property }) => `  IF NEW.${quoteName(name)} IS NOT NULL THEN
    changes := changes || jsonb_build_object(${quoteText(property)}, NEW.${quoteName(name)});
  END IF;`,
  )
  .join('\n')}
  PERFORM append_operation(${quoteText(writes.entity)}, NEW.id, 'insert', changes, NULL);
  SELECT * INTO NEW FROM ${view} WHERE id = NEW.id;
  RETURN NEW;`
  return writer(view, 'INSERT', ['refused text', `changes jsonb := '{}'`], body)
}

function updateSql({ columns, syncedTable }: ResolvedEntity, view: string, writes: ResolvedWrites): string {
  const others = columns.map(({ name }) => name).filter((name) => !writes.mutable.includes(name))
  const mutable = columns.filter(({ name }) => writes.mutable.includes(name))
  const hasMerged = writes.mergedByKey.length > 0
  const body = `  refused := CASE
${[...others, ...BOOKKEEPING]
  .map((name) => `    WHEN NEW.${quoteName(name)} IS DISTINCT FROM OLD.${quoteName(name)} THEN ${quoteText(name)}`)
  .join('\n')}
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION 'column "%" of "${view}" can not be changed', refused
      USING ERRCODE = 'LF002', TABLE = ${quoteText(view)}, COLUMN = refused;
  END IF;
${notNullSql(view, mutable, ({ name }) => `NEW.${quoteName(name)} IS NULL AND OLD.${quoteName(name)} IS NOT NULL`)}${mutable.map((column) => changeSql(view, column, writes)).join('\n')}
  IF changes = '{}' THEN
    RETURN NEW;
  END IF;
${frozenSql(view, syncedTable, writes)}  PERFORM append_operation(${quoteText(writes.entity)}, OLD.id, 'update', changes, OLD.version);
  SELECT * INTO NEW FROM ${view} WHERE id = OLD.id;
  RETURN NEW;`
  const declared = ['refused text', `changes jsonb := '{}'`, ...(hasMerged ? ['keys jsonb'] : [])]
  return writer(view, 'UPDATE', declared, body)
}

function changeSql(view: string, { name, property }: ResolvedColumn, { mergedByKey }: ResolvedWrites): string {
  const column = quoteName(name)
  if (!mergedByKey.includes(name)) {
    return `  IF NEW.${column} IS DISTINCT FROM OLD.${column} THEN
    changes := changes || jsonb_build_object(${quoteText(property)}, NEW.${column});
  END IF;`
  }
  return `  IF NEW.${column} IS DISTINCT FROM OLD.${column} THEN
    IF jsonb_typeof(NEW.${column}) IS DISTINCT FROM 'object' THEN
      RAISE EXCEPTION 'column "${name}" of "${view}" is an object'
        USING ERRCODE = 'LF004', TABLE = ${quoteText(view)}, COLUMN = ${quoteText(name)};
    END IF;
    keys := changed_keys(coalesce(OLD.${column}, '{}'), NEW.${column});
    IF keys IS NOT NULL THEN
      changes := changes || jsonb_build_object(${quoteText(property)}, keys);
    END IF;
  END IF;`
}

function deleteSql({ syncedTable }: ResolvedEntity, view: string, writes: ResolvedWrites): string {
  return writer(
    view,
    'DELETE',
    [],
    `${frozenSql(view, syncedTable, writes)}  PERFORM append_operation(${quoteText(writes.entity)}, OLD.id, 'delete', NULL, OLD.version);
  RETURN OLD;`,
  )
}

function frozenSql(view: string, syncedTable: string, { frozenWhen }: ResolvedWrites): string {
  if (frozenWhen === null) return ''
  return `  IF EXISTS (SELECT FROM ${syncedTable} AS synced WHERE synced.id = OLD.id AND (${frozenWhen})) THEN
    RAISE EXCEPTION 'the row % of "${view}" takes no more changes', OLD.id
      USING ERRCODE = 'LF003', TABLE = ${quoteText(view)};
  END IF;
`
}

/** What the server would refuse is refused where it is written. */
function notNullSql(
  view: string,
  columns: readonly ResolvedColumn[],
  isMissing: (column: ResolvedColumn) => string,
): string {
  const required = columns.filter(({ isNotNull }) => isNotNull)
  if (required.length === 0) return ''
  return `  refused := CASE
${required.map((column) => `    WHEN ${isMissing(column)} THEN ${quoteText(column.name)}`).join('\n')}
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION 'column "%" of "${view}" needs a value', refused
      USING ERRCODE = 'not_null_violation', TABLE = ${quoteText(view)}, COLUMN = refused;
  END IF;
`
}
