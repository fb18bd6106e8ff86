import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { loadTable, type Table } from '../catalog/table.ts'
import { type Database, openDatabase } from '../database.ts'
import type { Row } from '../replication/transaction.ts'
import { defineWhere } from './define-where.ts'
import { WhereError } from './where-error.ts'

const SETUP = `
  CREATE TYPE mood AS ENUM ('sad', 'ok', 'very happy');
  CREATE COLLATION insensitive (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  CREATE DOMAIN posint AS int CHECK (value > 0);
  CREATE TABLE items (
    id int PRIMARY KEY, s int2, b int8, n numeric, r float4, d float8, t text, v varchar(20), c char(5), ok boolean,
    u uuid, day date, at timestamptz, ts timestamp, tm time, iv interval, m mood, p posint, tags text[], nums int[],
    soft text COLLATE insensitive);
  INSERT INTO items VALUES
    (1, 1, 9223372036854775807, 1.50, 0.1, 0.1, 'Apple', 'x', 'ab', true, '00000000-0000-0000-0000-00000000000a',
      '2024-02-29', '2024-01-01 12:00:00.5+02', '2024-01-01 00:00:00', '10:00', '1 mon', 'sad', 5, '{a,b}', '{1,2}'),
    (2, -1, -5, -0.001, 'NaN', 'Infinity', 'apple_100%', '', 'ab  x', false, 'FFFFFFFF-0000-0000-0000-00000000000A',
      '0044-03-15 BC', 'infinity', '-infinity', '23:59:59.999999', '-1 day', 'very happy', 1, '{}', '{NULL,3}'),
    (4, 0, 0, 'NaN', 0, '-0', 'Ünï''\\code\\n😀', 'y', '', NULL, NULL, '9999-12-31', '1969-12-31 23:59:59.999999+00',
      '2024-01-01 00:00:00.000001', '00:00', '30 days 00:00:00.1', 'ok', 7, '{"a b",NULL,"NULL"}', '{}'),
    (5, 32767, 42, 100000000000000000000, 1e-30, 1e300, '', NULL, 'zz', true, NULL, '2024-01-01', '2024-01-01', NULL,
      NULL, '24 hours', NULL, NULL, '{x}', '{2}');
  INSERT INTO items VALUES (3)`

let database: Database
let table: Table
let rows: Row[]
let drop: () => Promise<void>

beforeAll(async () => {
  const created = await createTestDatabase(inject('postgresUrl'))
  drop = created.drop
  const admin = new pg.Client({ connectionString: created.url })
  await admin.connect()
  await admin.query(SETUP)
  await admin.end()
  database = openDatabase(created.url, () => {})
  table = (await loadTable(database, { schema: 'public', table: 'items' })) as Table
  rows = (await database.query('SELECT * FROM items ORDER BY id')).rows
})
afterAll(async () => {
  await database.end()
  await drop()
})

/** `params` stand after the clause, after a `¦` each. */
const CLAUSES = [
  "lower(t) = 'apple'",
  "upper(v) || lower(v) = 'Xx'",
  "t || '!' = 'Apple!'",
  "lower('ABC') = 'abc'",
  "upper(t) LIKE 'APPLE%'",
  "coalesce(v, 'none') = 'none'",
  'coalesce(ok, false)',
  'coalesce(n, 0) > 0',
  "coalesce(v, t, '') <> ''",
  "tags @> '{a}'",
  "tags @> '{}'",
  "tags <@ '{a,b,x}'",
  "tags && '{x,b}'",
  "tags @> '{NULL}'",
  "nums && '{2,NULL}'",
  "NOT tags && '{x}'",
  'nums <@ nums',
  "lower(c) = 'ab'",
  "c || 'x' = 'abx'",

  'id = 1',
  'id <> 1',
  'id != 2',
  'id < 3',
  'id <= 3',
  'id > 3',
  'id >= 3',
  '3 > id',
  's = -1',
  's > 0 AND b > 0',
  'b = 9223372036854775807',
  'b < 9223372036854775808',
  'n = 1.5',
  'n > 1',
  'n < 0',
  "n = 'NaN'",
  'n >= s',
  'n = id',
  'n > 99999999999999999999',
  'r = 0.1',
  "r = '0.1'",
  "r = 'NaN'",
  'r > 1',
  'd = 0',
  "d = 'Infinity'",
  'd > r',
  'd >= n',
  'id = d',
  "t = 'Apple'",
  "t < 'a'",
  "t > 'a'",
  "t = ''",
  't <> v',
  "v = ''",
  "c = 'ab'",
  "c = 'ab   '",
  "c::text = 'ab'",
  "t >= 'Ü'",
  'ok',
  'NOT ok',
  'ok = true',
  'ok = false',
  'ok IS TRUE',
  'ok IS NOT TRUE',
  'ok IS FALSE',
  'ok IS NOT FALSE',
  'ok IS UNKNOWN',
  'ok IS NOT UNKNOWN',
  'ok > false',
  'ok IS NULL',
  'v IS NULL',
  'v IS NOT NULL',
  'tags IS NULL',
  'iv IS NULL',
  "u = '00000000-0000-0000-0000-00000000000A'",
  "u > '10000000-0000-0000-0000-000000000000'",
  "u::text LIKE '%a'",
  "day = '2024-02-29'",
  "day < '0001-01-01'",
  "day > '2024-01-01 '",
  'day >= at',
  'at = ts',
  "at > '2024-01-01T09:00:00Z'",
  "at = 'infinity'",
  "at < '1970-01-01'",
  "ts = '-infinity'",
  "ts > '2024-01-01'",
  "ts <= '2024-01-01 00:00:00.000001'",
  "at >= '2024-01-01 12:00:00.5+02'",
  "tm > '10:00'",
  "tm = '23:59:59.999999'",
  "iv = '30 days'",
  "iv < '0'",
  "iv > '29 days'",
  "iv = '1 day'",
  "m = 'sad'",
  "m <> 'sad'",
  "m IN ('ok', 'very happy')",
  "m::text > 'ok'",
  'p > 1',
  'p = 5',
  "id::text = '1'",
  "date '2024-01-01' < day",
  'id BETWEEN 2 AND 4',
  'id NOT BETWEEN 2 AND 4',
  'n BETWEEN 0 AND s',
  'id IN (1, 3, 9)',
  'id NOT IN (1, 3)',
  'id NOT IN (1, NULL)',
  'id IN (1, NULL)',
  "t IN ('Apple', '')",
  'v IS DISTINCT FROM NULL',
  "v IS DISTINCT FROM 'x'",
  'v IS NOT DISTINCT FROM NULL',
  'ok IS DISTINCT FROM true',
  "t LIKE 'A%'",
  "t ILIKE 'a%'",
  "t LIKE '%\\_100\\%'",
  "t LIKE 'a____'",
  "t LIKE '%😀'",
  "t LIKE '_n_''%'",
  "t NOT LIKE '%p%'",
  "t NOT ILIKE 'A%'",
  "t LIKE ''",
  "t LIKE '%\\\\\\\\%'",
  'v LIKE NULL',
  'ok AND n > 0',
  'ok OR n > 0',
  'NOT (ok AND n > 0)',
  'NOT (ok OR id = 3)',
  'ok AND NULL',
  'ok OR NULL',
  '(ok OR true) AND id < 4',
  'NOT NOT ok',
  'false',
  'true',
  'NULL',
  'NULL = NULL',
  '1 = 1',
  "'a' = 'b'",
  '(ok AND id > 0) = true',
  '(n > 0) IS NULL',
  'id = ANY (ARRAY[1,2]::int[])',
  "id = ANY ('{1,3,NULL}')",
  "id <> ALL ('{1,3}')",
  "id <> ALL ('{1,NULL}')",
  "'a' = ANY (tags)",
  "'NULL' = ANY (tags)",
  '2 = ANY (nums)',
  't = ANY (\'{Apple,"apple_100%"}\')',
  'id < ALL (nums)',
  'id > ANY (nums)',
  'id = $1¦2',
  't = $1 OR t = $2¦Apple¦',
  'at > $1¦2024-01-01T00:00:00Z',
  'u = $1¦ffffffff-0000-0000-0000-00000000000a',
  'id = ANY($1)¦{1,4}',
  't LIKE $1¦A%',
  'id IN ($1, $2)¦1¦2',

  '"id" = 1 -- a comment',
  'id /* here */ = 2',
]

describe('selects the rows that Postgres selects', () => {
  test.each(CLAUSES)('%s', async (clause) => {
    const [text = '', ...params] = clause.split('¦')
    const where = await defineWhere(database, table, text, params)
    const expected = await database.query(`SELECT id FROM items WHERE (${where.sql}\n) ORDER BY id`)
    expect(rows.filter((row) => where.matches(row)).map(({ id }) => id)).toEqual(expected.rows.map(({ id }) => id))
  })
})

describe('refuses', () => {
  test.each([
    ['an unknown column', 'nope = 1'],
    ['a syntax error', 'id = = 1'],
    ['what is not boolean', 'id'],
    ['a qualified column', 'items.id = 1'],
    ['an unknown function', 'nofunc(id) = 1'],
    ['a literal of another type', "id = 'abc'"],
    ['operands that do not compare', 'id = t'],
    ['several statements', 'id = 1; SELECT 1'],
    ['an aggregate', 'count(*) > 1'],
    ['the time of day', 'at > now()'],
    ['a parameter without a value', 'id = $1'],
    ['a clause that breaks out of parentheses', 'false) OR (true'],
    ['a further clause', 'true LIMIT 1'],
    ['a union', 'true UNION SELECT 1'],
    ['a locking clause', 'true FOR UPDATE'],
    ['a windowed or filtered function', "lower(t) FILTER (WHERE true) = 'a'"],
    ['containment in an array of another type', 'tags @> nums'],
    ['a subquery', 'id IN (SELECT 1)'],
    ['the order of an enum', "m > 'ok'"],
    ['an open comment', 'true /*'],
    ['nothing but a comment', '-- true'],
  ])('%s', async (_, clause) => {
    await expect(defineWhere(database, table, clause, [])).rejects.toThrow(WhereError)
  })
})

test('a parameter is a value, whatever it contains', async () => {
  const attack = "x' OR true --"
  const where = await defineWhere(database, table, 't = $1', [attack])
  expect(rows.filter((row) => where.matches(row))).toEqual([])
  expect((await database.query(`SELECT FROM items WHERE (${where.sql}\n)`)).rowCount).toBe(0)
  const multibyte = await defineWhere(database, table, `t <> 'ü😀' AND t = $1`, ['Apple'])
  expect(rows.filter((row) => multibyte.matches(row)).map(({ id }) => id)).toEqual(['1'])
})

describe('says which text every matching row has in a column', () => {
  test.each([
    ["t = 'Apple' AND id = 1", { t: 'Apple', id: '1' }],
    ['1 = id', { id: '1' }],
    ["id = '01'", { id: '1' }],
    ['b = 9223372036854775807 AND (ok = true AND n > 1)', { b: '9223372036854775807', ok: 't' }],
    ["u = 'AAAAAAAA-0000-0000-0000-00000000000A'", { u: 'aaaaaaaa-0000-0000-0000-00000000000a' }],
    ["m = 'very happy'", { m: 'very happy' }],
    ['v = $1¦x', { v: 'x' }],
    ['id = NULL', {}],
    ['id = 1 OR id = 2', {}],
    ['NOT id = 1', {}],
    ['id = 1.0', {}],
    ['n = 1', {}],
    ['d = 0', {}],
    ["c = 'ab'", {}],
    ["at = '2024-01-01'", {}],
    ["soft = 'a'", {}],
    ["lower(t) = 'a'", {}],
    ['id = s', {}],
  ])('%s', async (clause, expected) => {
    const [text = '', ...params] = clause.split('¦')
    const { equalities } = await defineWhere(database, table, text, params)
    expect(Object.fromEntries(equalities)).toEqual(expected)
  })
})

test('clauses that mean the same to the parser have one canonical form', async () => {
  const canonical = async (text: string, params: string[] = []) =>
    (await defineWhere(database, table, text, params)).canonical
  expect(await canonical(' id  >\n1 -- x')).toBe(await canonical('id > 1'))
  expect(await canonical('t = $1', ['a'])).toBe(await canonical("t = 'a'"))
  expect(await canonical('t = $1', ['a'])).not.toBe(await canonical('t = $1', ['b']))
})
