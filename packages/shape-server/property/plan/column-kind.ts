/** What clauses can be made of a type. */
export type Family =
  | 'integer'
  | 'numeric'
  | 'float'
  | 'text'
  | 'boolean'
  | 'uuid'
  | 'moment'
  | 'interval'
  | 'json'
  | 'integers'
  | 'texts'
  | 'enum'
  | 'bytes'

export interface ColumnKind {
  family: Family
  /** As it stands in CREATE TABLE; `MOOD` stands for the enum of the run's schema. */
  type: string
  /** What rows and clauses have in them: few, so that they meet. */
  values: readonly string[]
  /** SQL that makes a value of the number `g`, another one for each where that is possible. */
  fromNumber: string
}

export const ENUM = 'MOOD'
export const ENUM_VALUES = ['sad', 'ok', 'very happy']

const kind = (family: Family, type: string, fromNumber: string, ...values: string[]): ColumnKind => ({
  family,
  type,
  values,
  fromNumber,
})

const small = Array.from({ length: 16 }, (_, index) => String(index - 2))
const uuids = ['0', '1', '2', '3', 'a', 'f'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-00000000000${digit}`)
const days = ['1999-12-31', '2024-02-29', '2024-03-01', '2026-01-01', '0044-03-15 BC']

/** Types of which two values are equal only when they print the same: any of them may be a key. */
export const KEY_KINDS: readonly ColumnKind[] = [
  kind('integer', 'int', 'g', ...small),
  kind('integer', 'bigint', 'g::bigint', ...small, '9007199254740993', '-9223372036854775808'),
  kind('text', 'text', `'t' || g`, '', 'a', 'b', 'A', 'a/b', 'a//b', '/', `it's`, 'say "hi"', 'ü😀', 'NULL', ' pad '),
  kind('text', 'varchar(24)', `'v' || g`, 'x', 'y', 'xy', 'X', 'x/y', '"x"', 'zz'),
  kind('uuid', 'uuid', `lpad(to_hex(g), 32, '0')::uuid`, ...uuids),
  kind('moment', 'date', `date '2100-01-01' + g`, ...days),
]

export const KINDS: readonly ColumnKind[] = [
  ...KEY_KINDS,
  ...KEY_KINDS.slice(0, 3),
  kind('integer', 'smallint', '(g % 100)::smallint', '-1', '0', '1', '2', '32767'),
  kind('boolean', 'boolean', 'g % 2 = 0', 'true', 'false'),
  kind('boolean', 'boolean', 'g % 2 = 0', 'true', 'false'),
  kind('numeric', 'numeric', 'g * 1.50', '0', '0.00', '1.5', '1.50', '-2.25', '1000000000000000000000.000001', 'NaN'),
  kind('numeric', 'numeric(8,2)', '(g * 0.5)::numeric(8,2)', '0', '1.5', '-2.25', '99999.99'),
  kind('float', 'double precision', 'g / 8.0::float8', '0', '-0', '0.1', '1.5', '1e300', 'NaN', '-Infinity'),
  kind(
    'moment',
    'timestamptz',
    `timestamptz 'epoch' + g * interval '1 hour'`,
    '2024-01-01 00:00:00+02',
    'infinity',
    '2024-06-01 12:30:00.123456Z',
    '1999-12-31 23:59:59.999999Z',
  ),
  kind(
    'moment',
    'timestamp',
    `timestamp 'epoch' + g * interval '1 hour'`,
    '2024-01-01 00:00:00',
    '-infinity',
    '2024-06-01 12:30:00.5',
  ),
  kind('interval', 'interval', `g * interval '1 hour'`, '1 day', '24 hours', '-1 mon +3 days', '00:00:00.000001'),
  kind('json', 'jsonb', `jsonb_build_object('g', g)`, '{"a": 1}', '{"a": "1", "b": [1, null]}', '[]', 'null', '"a"'),
  kind('integers', 'int[]', 'ARRAY[g, g + 1]', '{}', '{1}', '{1,2,3}', '{NULL,1}', '{{1,2},{3,4}}'),
  kind('texts', 'text[]', `ARRAY['t' || g]`, '{}', '{a,b}', '{"NULL",NULL,"say \\"hi\\"","a,b",""}'),
  kind('enum', ENUM, `'ok'::${ENUM}`, ...ENUM_VALUES),
  kind('text', 'char(4)', `to_char(g % 999, 'FM000')`, '', 'a', 'ab', 'abcd'),
  kind('bytes', 'bytea', `decode(md5(g::text), 'hex')`, '\\x', '\\x00', '\\xdeadbeef'),
]
