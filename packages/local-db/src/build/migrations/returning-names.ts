import type { RewriteSpec } from '../../schema/chain/migration.ts'

/**
 * Names that a reset took away and that stand again in the present schema, as `entity` or `entity.field`. They must not: an
 * operation is rewritten at every opening, and one of today would be taken for one of then.
 *
 * @param present payload keys by entity, as operations name them
 */
export function returningNames(
  resets: readonly RewriteSpec[],
  present: Readonly<Record<string, readonly string[]>>,
): string[] {
  return resets.flatMap((reset) =>
    Object.entries(reset).flatMap(([entity, rule]) => {
      if (!Object.hasOwn(present, entity)) return []
      if (rule === 'dropped') return [entity]
      const gone = [...Object.keys(rule.rename ?? {}), ...(rule.drop ?? [])]
      return gone.filter((field) => present[entity]?.includes(field)).map((field) => `${entity}.${field}`)
    }),
  )
}
