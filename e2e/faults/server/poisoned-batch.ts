import type { Operation } from '@landfall/contract'
import { type SeededRandom, seededRandom, uuidAt } from '../seeded-random.ts'
import type { RunResult } from '../tally.ts'
import { account, withFindings } from './account.ts'
import { envelope, newDevice, newLead } from './device.ts'
import { post } from './post.ts'
import { readResults } from './send-until-answered.ts'
import { BATCH_PATH, calm, type ServerWorld } from './server-world.ts'

const BATCH_SIZE = 50

/** Makes an operation one that can never be applied. It may return anything that JSON can hold. */
type Poison = (operation: Operation, random: SeededRandom) => unknown

const withValues = (operation: Operation, change: Record<string, unknown>) => ({
  ...operation,
  payload: { ...operation.payload, values: { ...(operation.payload.values as object), ...change } },
})
const withPayload = (operation: Operation, change: Record<string, unknown>) => ({
  ...operation,
  payload: { ...operation.payload, ...change },
})

const POISONS: Record<string, Poison> = {
  'a value that is missing': (operation) => withValues(operation, { email: '' }),
  'a value of the wrong kind': (operation) => withValues(operation, { email: true }),
  'a field that the form does not have': (operation) => withValues(operation, { owner: 'me' }),
  'a text without end': (operation) => withValues(operation, { message: 'x'.repeat(6_000) }),
  'an unknown form': (operation) => withPayload(operation, { formId: 'f_nobodys0001' }),
  'an unknown version of the form': (operation) => ({ ...operation, formVersion: 99 }),
  'no version of the form': ({ formVersion: _version, ...operation }) => operation,
  'an unknown entity': (operation) => ({ ...operation, entity: 'invoice' }),
  'an unknown action': (operation) => ({ ...operation, action: 'upsert' }),
  'a row that is not there': (operation, random) => ({
    ...operation,
    action: 'update',
    entityId: uuidAt(Date.now(), random),
    payload: { values: { message: 'changed' } },
  }),
  'a field for the server to set': (operation) => withPayload(operation, { status: 'won' }),
  'a member too many': (operation) => ({ ...operation, tenantId: '01939c80-5a00-7a02-8a02-0000000000b2' }),
  'an id that is none': (operation) => ({ ...operation, entityId: 'one' }),
  'no id': ({ opId: _opId, ...operation }) => operation,
  'no object': () => 'insert a lead',
  nothing: () => null,
  'a time that is none': (operation) => ({ ...operation, capturedAt: 'yesterday' }),
}

/** Up to three bad ones at any places among fifty: each costs only itself. */
export async function poisonedBatch(seed: number, world: ServerWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const device = newDevice(random)
  const count = random.between(1, 3)
  const poisoned = new Map<number, string>()
  while (poisoned.size < count) poisoned.set(random.between(0, BATCH_SIZE - 1), random.pick(Object.keys(POISONS)))

  const leads = Array.from({ length: BATCH_SIZE }, (_, index) => {
    const mark = `Poison ${seed}-${index}-${device.clientId}`
    return { mark, operation: newLead(world.acme.form, mark, random), poison: poisoned.get(index) }
  })
  const sent = leads.map(({ operation, poison }) => (poison ? POISONS[poison]?.(operation, random) : operation))
  const answer = await post(world.port, world.acme.host, BATCH_PATH, {
    headers: device.headers,
    body: envelope(device, sent),
  })
  const results = readResults(answer.status, answer.text)
  const findings = results.length === BATCH_SIZE ? [] : [`answered ${answer.status} ${answer.text.slice(0, 300)}`]
  const claims = leads.map(({ mark, poison }, index) => {
    const outcome = results[index]?.outcome
    const expected = poison ? 'rejected' : 'applied'
    if (outcome !== expected) findings.push(`${mark} (${poison ?? 'good'}) was answered ${outcome}`)
    return {
      mark,
      isAcknowledged: outcome !== undefined,
      stands: outcome === 'rejected' ? ('dead' as const) : undefined,
    }
  })
  return withFindings(await account(world.pool, world.acme.tenantId, claims), findings)
}
