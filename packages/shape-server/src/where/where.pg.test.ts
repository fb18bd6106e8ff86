import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { loadTable, type Table } from '../catalog/table.ts'
import { type Database, openDatabase } from '../database.ts'
import type { Row } from '../replication/transaction.ts'
import { letterCase } from './collation-behaviour.ts'
import { defineWhere } from './define-where.ts'
import { WhereError } from './where-error.ts'
import { WhereEvaluationError } from './where-evaluation-error.ts'

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
  rows = (await database.query('SELECT * FROM public.items ORDER BY id')).rows
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

  'id + 1 = 2',
  'b / 2 > 1',
  'n % 2 = 1.5',
  'n / 3 > 0.49999999999999999999',
  '-id < 0',
  "day - date '2024-01-01' = 59",
  "at + interval '1 month' < '2024-03-01'",
  "t || id = 'Apple1'",
  'tags || v = tags',
  "id::text || 'x' = '1x'",
  "'1'::text::int = id",
  'round(n) = 2',
  'round(n)::text::numeric = 2',
  't::varchar(2) = $1¦Ap',
  "c::char(2) = 'zz'",
  'ok::int = 1',
  'id::bool',
  "m > 'sad'",
  "greatest(m, 'ok') = 'ok'",
  "nullif(t, 'Apple') IS NULL",
  'length(t) = 5',
  'length(c) = 2',
  "substring(t from 2 for 3) = 'ppl'",
  "trim(both 'A' from t) = 'pple'",
  "left(t, -1) = 'Appl'",
  "starts_with(t, 'App')",
  'extract(year from day) = 2024',
  "date_trunc('month', ts) = '2024-01-01'",
  'nums[1] = 1',
  'nums[2] IS NULL',
  'cardinality(tags) = 2',
  "array_position(tags, 'b') = 2",
  'ARRAY[id, 2] @> nums',
  "CASE WHEN id < 3 THEN 'low' ELSE 'high' END = 'low'",
  'CASE id WHEN 1 THEN true END',
  'id < ANY (nums)',
  'id >= ALL (nums)',
  't LIKE v',
  "t LIKE 'A!%' ESCAPE '!'",
  "t LIKE '%#_100#%' ESCAPE '#'",
  "c LIKE 'ab   '",
  "t ILIKE '%É%' OR t ILIKE 'ü%'",
  'id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)',
  'id NOT IN (2, 3, 4, 5, 6, 7, 8, 9, 10, NULL)',
  't < $1 COLLATE "C"¦b',
  'soft COLLATE "C" = $1¦a',
  'id BETWEEN SYMMETRIC 4 AND 2',
  "tm + interval '1 hour' > '11:00'",
  "ts - '2024-01-01' = $1¦0",

  '"id" = 1 -- a comment',
  'id /* here */ = 2',
]

describe('selects the rows that Postgres selects', () => {
  test.each(CLAUSES)('%s', async (clause) => {
    const [text = '', ...params] = clause.split('¦')
    const where = await defineWhere(database, table, text, params)
    const expected = await database.query(`SELECT id FROM public.items WHERE (${where.sql}\n) ORDER BY id`)
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
    ['text of a nondeterministic collation', "soft = 'a'"],
    ['a row', '(id, n) = (1, 2)'],
    ['a regular expression', "t ~ 'a'"],
    ['SIMILAR TO', "t SIMILAR TO 'a'"],
    ['a power, whose last digit depends on the library', 'n ^ 2 > 1'],
    ['a random number', 'random() > 0.5'],
    ['the date', 'day = current_date'],
    ['the user', 'v = current_user'],
    ['a set', 'generate_series(1, id) = 1'],
    ['a window', 'row_number() OVER () = 1'],
    ['named arguments', "starts_with(string => t, prefix => 'a')"],
    ['a slice', 'nums[1:2] = nums'],
    ['a cast to a type that is not known', "t::regclass = 'items'"],
    ['a date read from a column', "t::date = '2024-01-01'"],
    ['the text of a float', "d::text = '1'"],
    ['an unknown collation', 't < v COLLATE "de-x-icu"'],
    ['arrays in arrays', 'nums = ARRAY[[1, 2], [3, 4]]'],
    ['a constant that cannot be computed', 'id > 1 / 0'],
    ['a system column', 'ctid IS NULL'],
    ['the whole row', 'items IS NULL'],
    ['a parameter number that is too high', 'id = $70000'],
    ['a lone dollar', 'id = $'],
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
  expect((await database.query(`SELECT FROM public.items WHERE (${where.sql}\n)`)).rowCount).toBe(0)
  const multibyte = await defineWhere(database, table, `t <> 'ü😀' AND t = $1`, ['Apple'])
  expect(rows.filter((row) => multibyte.matches(row)).map(({ id }) => id)).toEqual(['1'])
})

describe('a row on which Postgres fails has its message', () => {
  test.each([
    ['10 / (id - 1) > 0', { id: '1' }, 'division by zero'],
    ['id + 2147483647 > 0', { id: '1' }, 'integer out of range'],
    ['b * 2 > 0', { b: '9223372036854775807' }, 'bigint out of range'],
    ['n::int = 1', { n: 'NaN' }, 'cannot convert NaN to integer'],
    ['t::int = 1', { t: 'Apple' }, 'invalid input syntax for type integer: "Apple"'],
    ['t::uuid IS NULL', { t: '' }, 'invalid input syntax for type uuid: ""'],
    ["t LIKE t || '\\'", { t: 'ab' }, undefined],
  ])('%s', async (clause, values, message) => {
    const where = await defineWhere(database, table, clause, [])
    const test = () => where.matches({ ...values })
    if (message === undefined) expect(test()).toBe(false)
    else expect(test).toThrow(new WhereEvaluationError(message))
  })

  test('unless another part decides', async () => {
    const where = await defineWhere(database, table, '10 / id > 0 AND id > 0 OR id = 0', [])
    expect(where.matches({ id: '0' })).toBe(true)
    expect((await defineWhere(database, table, '10 / id > 0 AND id <> 0', [])).matches({ id: '0' })).toBe(false)
  })
})

test('every letter has the capitals that Postgres gives it', async () => {
  const letters = `SELECT chr(code) AS letter FROM generate_series(1, 1114111) code WHERE code NOT BETWEEN 55296 AND 57343`
  const { rows: all } = await database.query<{ letter: string; lower: string; upper: string }>(
    `SELECT letter, lower(letter), upper(letter) FROM (${letters}) l WHERE lower(letter) <> letter OR upper(letter) <> letter`,
  )
  expect(all.length).toBeGreaterThan(2_000)
  const { lower, upper } = letterCase({ provider: 'builtin', locale: 'C.UTF-8', isDeterministic: true })
  const differences = all.filter((row) => lower(row.letter) !== row.lower || upper(row.letter) !== row.upper)
  expect(differences).toEqual([])
  const newer: number[] = []
  const cased = new Set(all.map(({ letter }) => letter))
  for (let code = 1; code <= 0x10ffff; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    const letter = String.fromCodePoint(code)
    if (!cased.has(letter) && (lower(letter) !== letter || upper(letter) !== letter)) newer.push(code)
  }
  // Letters of Unicode 17, which this Node knows and this Postgres does not.
  const isNewer = (code: number) => (code >= 0x16ea0 && code <= 0x16ed3) || (code >= 0xa7ce && code <= 0xa7d5)
  expect(newer.filter((code) => !isNewer(code)).map((code) => code.toString(16))).toEqual([])
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
