import { describe, expect, it } from 'vitest'
import { makeChain } from '../../testing/make-chain.ts'
import { UnknownObjectError } from './catalog.ts'
import { compareCatalogs } from './compare-catalogs.ts'
import { ChainDiffersError, assertLeadsToSchema, nextMigration } from './next-migration.ts'
import { catalogOfSchema } from './schema-catalogs.ts'

const RECORD = 'CREATE TABLE landfall_schema (place int PRIMARY KEY, name text, hash text, kind text, applied_at timestamptz);'
const BASE = `${RECORD}
  CREATE TABLE notes_synced (id uuid PRIMARY KEY, colour text, body text);
  CREATE INDEX notes_body ON notes_synced (body);
  CREATE FUNCTION first_word(words text) RETURNS text LANGUAGE sql AS $$ SELECT split_part(words, ' ', 1) $$;
  CREATE VIEW notes AS SELECT id, body, first_word(body) AS title FROM notes_synced;
  CREATE FUNCTION note_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO notes_synced (id, body) VALUES (NEW.id, NEW.body); RETURN NEW; END $$;
  CREATE TRIGGER note_insert INSTEAD OF INSERT ON notes FOR EACH ROW EXECUTE FUNCTION note_insert();`

const base = await makeChain([{ kind: 'reset', sql: BASE }])
const changed = (from: string | RegExp, to: string) => BASE.replace(from, to)
const next = (schema: string) => nextMigration(base, schema, { words: 'test' })

describe('the next migration', () => {
  it('is none when the chain leads to the schema, however it is written', async () => {
    expect((await next(BASE.replaceAll('\n', '\n\n').replace('id uuid', 'id   UUID'))).added).toBeNull()
  })

  it('begins a chain with the whole schema', async () => {
    const { chain } = await nextMigration([], BASE, { words: 'initial' })
    expect(chain).toMatchObject([{ name: '0001_initial', kind: 'reset', sql: BASE, operations: {} }])
  })

  it.each<[string, string]>([
    ['a column', changed('body text)', 'body text, mood text)')],
    ['a column with a default', changed('body text)', 'body text, mood text NOT NULL DEFAULT \'none\')')],
    ['a column that needs quotes', changed('body text)', 'body text, "Mood ""x""" text)')],
    ['a default', changed('body text)', "body text DEFAULT 'x')")],
    [
      'a column that a view has at its end, and a trigger',
      changed('body text)', 'body text, mood text)')
        .replace('AS title FROM', 'AS title, mood FROM')
        .replace('(id, body) VALUES (NEW.id, NEW.body)', '(id, body, mood) VALUES (NEW.id, NEW.body, NEW.mood)'),
    ],
    [
      'a table with keys, checks and an index',
      `${BASE} CREATE TABLE tags (id uuid, n int CHECK (n > 0), PRIMARY KEY (id, n)); CREATE UNIQUE INDEX tags_n ON tags (n) WHERE n > 1;`,
    ],
    ['a view of a view', `${BASE} CREATE VIEW titles AS SELECT title FROM notes;`],
    ['what a function does', changed("' ', 1", "',', 1")],
    ['what a trigger function does', changed('RETURN NEW', 'RETURN OLD')],
    ['another trigger', `${BASE} CREATE TRIGGER note_touch BEFORE UPDATE ON notes_synced FOR EACH ROW EXECUTE FUNCTION note_insert();`],
    ['another index', changed('(body);', '(body, id);')],
    ['no index', changed(/CREATE INDEX.*\n/, '')],
    ['no trigger, and no function for it', changed(/ {2}CREATE FUNCTION note_insert[\s\S]*$/, '')],
    ['a function that a new view uses', `${BASE} CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS $$ SELECT n * 2 $$; CREATE VIEW two AS SELECT twice(1) AS n;`],
  ])('is additive for %s, and leads to the schema', async (_what, schema) => {
    const { chain, added } = await next(schema)
    expect(added?.kind).toBe('additive')
    await assertLeadsToSchema(chain, schema)
  }, 60_000)

  it.each<[string, string, RegExp]>([
    ['a column that goes', changed('colour text, ', ''), /column notes_synced.colour goes/],
    ['a table that goes', changed(/CREATE TABLE notes_synced[\s\S]*$/, ''), /table notes_synced goes/],
    ['a type that changes', changed('body text)', 'body varchar)').replace('first_word(words text)', 'first_word(words varchar)'), /body becomes character varying/],
    ['null that is not allowed any more', changed('body text)', 'body text NOT NULL)'), /must not be null/],
    ['a required column without a value', changed('body text)', 'body text, mood text NOT NULL)'), /no value for rows/],
    ['another key', changed('uuid PRIMARY KEY', 'uuid').replace('body text)', 'body text, PRIMARY KEY (id, body))'), /constraints/],
    ['a view that goes', changed(/ {2}CREATE VIEW[\s\S]*$/, ''), /view notes goes/],
    ['a view’s column that goes', changed(', first_word(body) AS title', ''), /column notes.title goes/],
    ['a view’s column in the middle', changed('SELECT id, body,', 'SELECT id, 1 AS n, body,'), /body moves/],
  ])('is a reset for %s, and says why', async (_what, schema, why) => {
    const { chain, added, reasons } = await next(schema)
    expect(added).toMatchObject({ kind: 'reset', sql: schema, operations: {} })
    expect(reasons.join('\n')).toMatch(why)
    await assertLeadsToSchema(chain, schema)
  }, 60_000)

  it.each([
    ['an enum', `CREATE TYPE mood AS ENUM ('a');`],
    ['a domain', 'CREATE DOMAIN mood AS text;'],
    ['a sequence', 'CREATE SEQUENCE numbers;'],
    ['an identity column', 'CREATE TABLE x (id int GENERATED ALWAYS AS IDENTITY);'],
    ['a generated column', 'CREATE TABLE x (id int, twice int GENERATED ALWAYS AS (id * 2) STORED);'],
    ['a materialised view', 'CREATE MATERIALIZED VIEW x AS SELECT 1;'],
  ])('is refused for %s, which it could lose', async (_what, sql) => {
    await expect(next(`${BASE} ${sql}`)).rejects.toThrow(UnknownObjectError)
  }, 60_000)

  it('is not enough when somebody changed the SQL by hand to something else', async () => {
    const other = await makeChain([{ kind: 'additive', sql: 'ALTER TABLE notes_synced ADD COLUMN mod text' }], base)
    const schema = changed('body text)', 'body text, mood text)')
    await expect(assertLeadsToSchema(other, schema)).rejects.toThrow(ChainDiffersError)
    await expect(assertLeadsToSchema(other, schema)).rejects.toThrow(/notes_synced.mod goes/)
  }, 60_000)

  it('compares equal what is equal', async () => {
    const catalog = await catalogOfSchema(BASE)
    expect(compareCatalogs(catalog, catalog)).toEqual({ additive: [], destructive: [] })
  }, 60_000)
})
