import { describe, expect, it } from 'vitest'
import type { RewriteSpec } from './migration.ts'
import { rewriteOperation } from './rewrite-operation.ts'

const insert = (payload: Record<string, unknown>) => ({ entity: 'note', action: 'insert' as const, payload })
const update = (payload: Record<string, unknown>, changes?: Record<string, unknown>) => ({
  entity: 'note',
  action: 'update' as const,
  payload,
  ...(changes ? { changes } : {}),
})
const note = (rule: RewriteSpec[string]): RewriteSpec[] => [{ note: rule }]

describe('rewriteOperation', () => {
  it('leaves alone what no reset names', () => {
    expect(rewriteOperation(insert({ body: 'a' }), [])).toEqual({ kind: 'unchanged' })
    expect(rewriteOperation(insert({ body: 'a' }), [{ lead: 'dropped' }])).toEqual({ kind: 'unchanged' })
    expect(rewriteOperation({ ...insert({}), entity: 'constructor' }, note('dropped'))).toEqual({ kind: 'unchanged' })
  })

  it('gives a field its new name, with its value as it is, null included', () => {
    const rename = note({ rename: { text: 'body' } })
    expect(rewriteOperation(insert({ text: 'a' }), rename)).toMatchObject({ write: { payload: { body: 'a' } } })
    expect(rewriteOperation(update({ text: null }), rename)).toMatchObject({ write: { payload: { body: null } } })
  })

  it('rewrites what lists are shown as well', () => {
    expect(rewriteOperation(update({ text: 'a' }, { text: 'a' }), note({ rename: { text: 'body' } }))).toEqual({
      kind: 'rewritten',
      write: { entity: 'note', payload: { body: 'a' }, changes: { body: 'a' } },
    })
  })

  it('drops a field, and keeps the others', () => {
    expect(rewriteOperation(update({ mood: 1, body: 'a' }), note({ drop: ['mood'] }))).toMatchObject({
      write: { payload: { body: 'a' } },
    })
  })

  it('calls an edit outdated that changes nothing else', () => {
    expect(rewriteOperation(update({ mood: 1 }), note({ drop: ['mood'] })).kind).toBe('outdated')
  })

  it('gives a new row what is required now, and leaves what it has, null included', () => {
    const rule = note({ default: { kind: 'call' } })
    expect(rewriteOperation(insert({}), rule)).toMatchObject({ write: { payload: { kind: 'call' } } })
    expect(rewriteOperation(insert({ kind: null }), rule)).toEqual({ kind: 'unchanged' })
    expect(rewriteOperation(update({ body: 'a' }), rule)).toEqual({ kind: 'unchanged' })
  })

  it('calls every operation of an entity outdated that is gone', () => {
    expect(rewriteOperation(insert({ body: 'a' }), note('dropped')).kind).toBe('outdated')
    expect(rewriteOperation({ ...insert({}), action: 'delete' }, note('dropped')).kind).toBe('outdated')
  })

  it('leaves a deletion alone, whatever becomes of the fields', () => {
    const rule = note({ rename: { text: 'body' }, drop: ['mood'], default: { kind: 'call' } })
    expect(rewriteOperation({ ...insert({}), action: 'delete' }, rule)).toEqual({ kind: 'unchanged' })
  })

  it('does not guess which of two values is meant', () => {
    expect(rewriteOperation(insert({ text: 'a', body: 'b' }), note({ rename: { text: 'body' } })).kind).toBe('outdated')
  })

  it('goes over several resets in their order, and changes nothing the second time', () => {
    const resets: RewriteSpec[] = [{ note: { rename: { text: 'words' } } }, { note: { rename: { words: 'body' } } }]
    const once = rewriteOperation(insert({ text: 'a' }), resets)
    expect(once).toMatchObject({ write: { payload: { body: 'a' } } })
    if (once.kind !== 'rewritten') throw new Error(once.kind)
    expect(rewriteOperation({ ...insert({}), ...once.write }, resets)).toEqual({ kind: 'unchanged' })
  })

  it('never changes the operation that it was given', () => {
    const given = Object.freeze({ ...insert(Object.freeze({ text: 'a' })) })
    rewriteOperation(given, note({ rename: { text: 'body' }, default: { kind: 'call' } }))
    expect(given.payload).toEqual({ text: 'a' })
  })
})
