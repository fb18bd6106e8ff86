/** Words that Postgres reserves, or reads otherwise where a value may stand; of those that a column may be called. */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc both case cast check collate column constraint create current_date default ' +
    'desc distinct do else end except false fetch for foreign from grant group having in initially intersect into ' +
    'lateral leading limit not null offset on only or order placing primary references returning select some symmetric ' +
    'table then to trailing true union unique user using values variadic when where window with'
  ).split(' '),
)

export function quoteName(name: string): string {
  return RESERVED.has(name) || !/^[a-z_][a-z0-9_]*$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}

/** As a literal of SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** As a literal of SQL of type `text[]`. */
export function quoteTexts(texts: readonly string[]): string {
  return texts.length === 0 ? `'{}'::text[]` : `ARRAY[${texts.map(quoteText).join(', ')}]`
}
