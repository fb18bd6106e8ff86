/** The present schema as it might be a release later. Each fails when there is nothing left to change. */

/** Notes have a mood: a column, and the view shows it at its end. */
export function withMood(schemaSql: string): string {
  const withColumn = replaced(schemaSql, /(CREATE TABLE notes_synced \([^;]*?write_id uuid,\n)/, '$1  mood text,\n')
  return replaced(
    withColumn,
    /(CREATE VIEW notes AS\nSELECT[\s\S]*?)(\nFROM notes_synced[\s\S]*?UNION ALL\nSELECT[\s\S]*?)(\nFROM )/,
    '$1,\n  synced.mood$2,\n  NULL::text$3',
  )
}

/** What a note says is called `words`, everywhere. */
export function withWords(schemaSql: string): string {
  return replaced(schemaSql, /\bbody\b/g, 'words')
}

function replaced(text: string, pattern: RegExp, by: string): string {
  const result = text.replace(pattern, by)
  if (result === text) throw new Error(`The generated schema has no ${pattern} any more; change this file`)
  return result
}
