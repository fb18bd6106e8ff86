import { readFile } from 'node:fs/promises'
import type { BatchEnvelope, FormDefinition } from '@landfall/contract'
import { type SeededRandom, seededRandom, uuidAt } from '../seeded-random.ts'
import type { RunResult } from '../tally.ts'
import { account, type Claim, withFindings } from './account.ts'
import { type Device, newDevice } from './device.ts'
import { type Posted, post } from './post.ts'
import { readResults } from './send-until-answered.ts'
import { BATCH_PATH, calm, type ServerWorld } from './server-world.ts'

/** What a device of the first published client sent, word for word but for its ids and its name. */
const RECORDED = new URL('./fixtures/protocol-1.json', import.meta.url)

type Sent = Omit<BatchEnvelope, 'protocol'> & { protocol: number }

interface Skew {
  /** Which client meets which server. */
  change(sent: Sent, random: SeededRandom): unknown
  /** What the device may be told: taken, rejected for a person to see, or nothing of any operation, so that it waits. */
  expected: 'taken' | 'rejected' | 'waits'
  prepare?(world: ServerWorld, form: FormDefinition): Promise<void>
}

const SKEWS: Record<string, Skew> = {
  'an old client, as it was': { expected: 'taken', change: (sent) => sent },
  'an old client, after the form was published anew': {
    expected: 'taken',
    change: (sent) => sent,
    prepare: publishNextVersion,
  },
  'a newer protocol': { expected: 'waits', change: (sent) => ({ ...sent, protocol: 2 }) },
  'no protocol': { expected: 'waits', change: ({ protocol: _protocol, ...sent }) => sent },
  'a member of the envelope that is not known here': {
    expected: 'waits',
    change: (sent) => ({ ...sent, compression: 'none' }),
  },
  'a version of the form that was never published here': {
    expected: 'rejected',
    change: (sent) => onOperation(sent, { formVersion: 4_711 }),
  },
  'an entity of a newer client': { expected: 'rejected', change: (sent) => onOperation(sent, { entity: 'booking' }) },
  'an action of a newer client': { expected: 'rejected', change: (sent) => onOperation(sent, { action: 'merge' }) },
  'a member of the operation that is not known here': {
    expected: 'rejected',
    change: (sent) => onOperation(sent, { priority: 1 }),
  },
}

const onOperation = (sent: Sent, change: Record<string, unknown>) => ({
  ...sent,
  operations: sent.operations.map((operation) => ({ ...operation, ...change })),
})

/** Clients and servers of different builds: what is not understood is never taken, never dropped, and said. */
export async function deploySkew(seed: number, world: ServerWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const device = newDevice(random)
  const name = random.pick(Object.keys(SKEWS))
  const { change, expected, prepare } = SKEWS[name] as Skew
  await prepare?.(world, world.acme.form)
  const mark = `Skew ${seed}-${device.clientId}`
  const recorded = await readRecorded(device, mark, random)
  const answer = await deliver(world, device, change(recorded, random))
  const [result] = readResults(answer.status, answer.text)

  const findings: string[] = []
  const got = result?.outcome === 'applied' ? 'taken' : result?.outcome === 'rejected' ? 'rejected' : 'waits'
  if (got !== expected) findings.push(`${name}: ${got} instead of ${expected}: ${answer.status} ${answer.text}`)
  if (got === 'waits' && (answer.status < 400 || answer.status >= 500))
    findings.push(`${name}: status ${answer.status}`)
  const claim: Claim = {
    mark,
    isAcknowledged: true,
    stands: got === 'rejected' ? 'dead' : got === 'waits' ? 'waiting' : undefined,
  }
  // The update that the person gets with the next visit sends what was kept, in words that both understand.
  if (got === 'waits') {
    const [again] = readResults(...statusAndText(await deliver(world, device, recorded)))
    if (again?.outcome !== 'applied') findings.push(`${name}: after the update it was answered ${again?.outcome}`)
  }
  return withFindings(await account(world.pool, world.acme.tenantId, [claim]), findings)
}

const statusAndText = ({ status, text }: Posted): [number, string] => [status, text]

const deliver = (world: ServerWorld, device: Device, sent: unknown) =>
  post(world.port, world.acme.host, BATCH_PATH, { headers: device.headers, body: JSON.stringify(sent) })

async function readRecorded(device: Device, mark: string, random: SeededRandom): Promise<Sent> {
  const text = (await readFile(RECORDED, 'utf8')).replace('"NAME"', JSON.stringify(mark))
  const sent = JSON.parse(text) as Sent
  return {
    ...onOperation(sent, { opId: uuidAt(Date.now(), random), entityId: uuidAt(Date.now(), random) }),
    clientId: device.clientId,
  }
}

/** The tenant changes its form; what was filled in before stays acceptable. */
async function publishNextVersion({ pool, acme }: ServerWorld, form: FormDefinition): Promise<void> {
  const next: FormDefinition = {
    ...form,
    version: 2,
    fields: [...form.fields, { type: 'text', name: 'postcode', label: 'Postcode', required: true }],
  }
  await pool.query(
    `INSERT INTO form_versions (tenant_id, form_id, version, definition) VALUES ($1, $2, 2, $3) ON CONFLICT DO NOTHING`,
    [acme.tenantId, form.formId, next],
  )
}
