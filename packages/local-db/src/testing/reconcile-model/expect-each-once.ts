import { expect } from 'vitest'
import type { Intent, ModelDevice } from './model-device.ts'

/** At rest: what became of every write, and what the server and the view make of it. */
export async function expectEachOnce(device: ModelDevice): Promise<void> {
  const sources = await sourcesByOperation(device)
  const { effects, received } = device.server
  expect(new Set(effects.map(({ opId }) => opId)).size, 'an operation took effect twice').toBe(effects.length)
  for (const [opId, { action, payload }] of received) {
    const written = sources.get(opId)
    expect(written, `${opId} was sent although another took its place`).toBeDefined()
    expect({ action, payload }).toEqual(sumOf(written ?? []))
  }
  expectOrderOfRows(device, sources)
  await expectNothingChanges(device)
  await expectViewOfServer(device)
}

/** Writes by the operation under which they went out, or with which they went. Fails for a write of which nobody knows anything. */
async function sourcesByOperation(device: ModelDevice): Promise<Map<string, Intent[]>> {
  const places = await device.whereabouts(device.intents.map(({ opId }) => opId))
  const bySender = new Map<string, Intent[]>()
  const ended = new Map<string, Intent[]>()
  for (const intent of device.intents) {
    const end = follow(intent.opId, places)
    if (end === undefined) {
      expect(device.excused.has(intent.opId), `${intent.opId} is lost`).toBe(true)
      continue
    }
    if (places.get(end) === end) bySender.set(end, [...(bySender.get(end) ?? []), intent])
    else ended.set(end, [...(ended.get(end) ?? []), intent])
  }
  for (const [opId, intents] of ended) {
    if (device.takenBack.has(opId) || device.discarded.has(opId)) continue
    // Nothing took the place of these: they cancelled each other, each row by itself.
    const ofRow = device.intents.filter(({ entityId }) => entityId === intents[0]?.entityId)
    expect(ofRow[0]?.action, `${opId} went without a trace`).toBe('insert')
    expect(ofRow.some(({ action }) => action === 'delete')).toBe(true)
  }
  for (const opId of bySender.keys()) {
    expect(
      device.server.effects.some((effect) => effect.opId === opId),
      `${opId} was never sent`,
    ).toBe(true)
  }
  return new Map([...bySender, ...ended])
}

/** The last id of the chain; undefined when the outbox never heard of it. */
function follow(opId: string, places: ReadonlyMap<string, string | null>): string | undefined {
  let at = opId
  for (;;) {
    const next = places.get(at)
    if (next === undefined) return at === opId ? undefined : at
    if (next === null || next === at) return at
    at = next
  }
}

/** What several writes of a row come to, in the order of writing. */
function sumOf(intents: readonly Intent[]): { action: string; payload: Record<string, unknown> } {
  const [first, last] = [intents[0], intents.at(-1)]
  if (last?.action === 'delete') return { action: first?.action === 'insert' ? 'nothing' : 'delete', payload: {} }
  const payload = Object.assign({}, ...intents.map(({ changes }) => changes)) as Record<string, unknown>
  return { action: first?.action ?? 'nothing', payload }
}

function expectOrderOfRows({ server, intents }: ModelDevice, sources: ReadonlyMap<string, Intent[]>): void {
  const places = new Map(intents.map(({ opId }, index) => [opId, index]))
  const lastOfRow = new Map<string, number>()
  for (const { opId, entityId } of server.effects) {
    for (const source of sources.get(opId) ?? []) {
      const place = places.get(source.opId) ?? -1
      expect(place, `${opId} overtook another of its row`).toBeGreaterThan(lastOfRow.get(entityId) ?? -1)
      lastOfRow.set(entityId, place)
    }
  }
}

async function expectNothingChanges(device: ModelDevice): Promise<void> {
  const rows = () => device.pg.query('SELECT *, xmin::text FROM sync_operations ORDER BY op_id')
  const [before, entries] = [(await rows()).rows, await device.entries()]
  await device.reconcile([{ page: 1, crash: null }])
  expect((await rows()).rows).toEqual(before)
  expect(await device.entries()).toEqual(entries)
}

async function expectViewOfServer(device: ModelDevice): Promise<void> {
  await device.arrive(Number.POSITIVE_INFINITY)
  const { rows } = await device.pg.query('SELECT id, body, _has_local_changes FROM notes ORDER BY id')
  const ofServer = [...device.server.notes].map(([id, { body }]) => ({ id, body, _has_local_changes: false }))
  expect(rows).toEqual(ofServer.toSorted((first, second) => (first.id < second.id ? -1 : 1)))
}
