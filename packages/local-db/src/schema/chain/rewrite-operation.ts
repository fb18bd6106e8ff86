import type { OperationWrite, Rewrite } from '../../reconcile/operation-queue.ts'
import type { EntityRewrite, RewriteSpec } from './migration.ts'

type Fields = Record<string, unknown>
type RewritableWrite = Pick<OperationWrite, 'entity' | 'action' | 'payload' | 'changes'>

/**
 * Carries an operation that was never sent over resets, oldest first. What has lost its meaning is `outdated`, and keeps
 * its values. Doing it again changes nothing, because names that went don't come back: so nobody has to remember which
 * operation was written under which schema.
 */
export function rewriteOperation(write: RewritableWrite, resets: readonly RewriteSpec[]): Rewrite {
  let { payload, changes } = write
  let isChanged = false
  for (const reset of resets) {
    // A name like `constructor` is no entity of ours.
    const rule = Object.hasOwn(reset, write.entity) ? reset[write.entity] : undefined
    if (rule === undefined) continue
    if (rule === 'dropped') return { kind: 'outdated', detail: `there is no ${write.entity} any more` }
    const step = rewriteFields(payload, rule, write.action)
    if (step.kind === 'outdated') return step
    if (step.kind === 'unchanged') continue
    isChanged = true
    payload = step.fields
    if (changes) {
      const shown = rewriteFields(changes, rule, 'update')
      if (shown.kind === 'rewritten') changes = shown.fields
    }
  }
  if (!isChanged) return { kind: 'unchanged' }
  return { kind: 'rewritten', write: { entity: write.entity, payload, ...(changes ? { changes } : {}) } }
}

type FieldsRewrite =
  | { kind: 'unchanged' }
  | { kind: 'rewritten'; fields: Fields }
  | { kind: 'outdated'; detail: string }

function rewriteFields(
  given: Fields,
  rule: Exclude<EntityRewrite, 'dropped'>,
  action: OperationWrite['action'],
): FieldsRewrite {
  const fields = { ...given }
  let isChanged = false
  for (const [from, to] of Object.entries(rule.rename ?? {})) {
    if (!Object.hasOwn(fields, from)) continue
    if (Object.hasOwn(fields, to)) return { kind: 'outdated', detail: `it has both ${from} and ${to}` }
    fields[to] = fields[from]
    delete fields[from]
    isChanged = true
  }
  for (const name of rule.drop ?? []) {
    if (!Object.hasOwn(fields, name)) continue
    delete fields[name]
    isChanged = true
  }
  if (action === 'update' && isChanged && Object.keys(fields).length === 0)
    return { kind: 'outdated', detail: 'it changes nothing that is still there' }
  if (action === 'insert') {
    for (const [name, value] of Object.entries(rule.default ?? {})) {
      if (Object.hasOwn(fields, name)) continue
      fields[name] = value
      isChanged = true
    }
  }
  return isChanged ? { kind: 'rewritten', fields } : { kind: 'unchanged' }
}
