/**
 * Every connection prints values the same way, so that a snapshot's text equals the log's: UTC, ISO dates, the shortest
 * exact floats, hex bytea, ISO 8601 intervals.
 */
export const SESSION_OPTIONS = Object.entries({
  timezone: 'UTC',
  datestyle: 'ISO',
  intervalstyle: 'iso_8601',
  extra_float_digits: '1',
  bytea_output: 'hex',
  // Operators and functions that others put into a schema do not change what a clause or a query of ours means.
  search_path: 'pg_catalog',
  standard_conforming_strings: 'on',
  // A role under row-level security would get a filtered snapshot and an unfiltered stream: better an error.
  row_security: 'off',
})
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ')
