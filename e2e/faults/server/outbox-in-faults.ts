import 'fake-indexeddb/auto'
import { Outbox } from '@landfall/outbox'
import type { Fault } from '../../harness/fault.ts'
import { type SeededRandom, seededRandom, uuidAt } from '../seeded-random.ts'
import type { RunResult } from '../tally.ts'
import { account, type Claim, withFindings } from './account.ts'
import { fillForm } from './device.ts'
import { post } from './post.ts'
import { BATCH_PATH, calm, type ServerWorld } from './server-world.ts'

const STATUSES = [400, 401, 403, 404, 408, 413, 425, 429, 500, 502, 503]
const MOST_FLUSHES = 60

function anyFault(random: SeededRandom): Fault {
  const kind = random.pick(['status', 'status', 'portal', 'unreachable', 'answer-lost', 'truncated'] as const)
  if (kind === 'status') {
    const status = random.pick(STATUSES)
    const retryAfter = random.pick(['0', '1', '120', 'never'])
    return random.chance(0.5) ? { kind, status, headers: { 'retry-after': retryAfter } } : { kind, status }
  }
  return kind === 'portal' ? { kind, body: '<!doctype html><title>Sign in</title>' } : { kind }
}

/** The real outbox in two tabs, over a network that breaks request after request, to the real engine. */
export async function outboxInFaults(seed: number, world: ServerWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const queue = uuidAt(Date.now(), random)
  const options = {
    queue,
    tenantId: world.acme.tenantId,
    kind: 'visitor' as const,
    endpoint: BATCH_PATH,
    fetch: fetchThrough(world),
    random: () => 0,
  }
  const tabs = [new Outbox(options), new Outbox(options)]
  const faults = random.between(1, 8)
  for (let count = 0; count < faults; count += 1) {
    world.stack.proxy.plan({ path: BATCH_PATH, times: random.between(1, 2), fault: anyFault(random) })
  }
  const claims: (Claim & { opId: string })[] = []
  try {
    for (let lead = random.between(1, 40); lead > 0; lead -= 1) {
      const mark = `Faults ${seed}-${lead}-${queue}`
      const [view] = await random.pick(tabs).enqueue({
        entity: 'lead',
        action: 'insert',
        entityId: uuidAt(Date.now(), random),
        formVersion: world.acme.form.version,
        label: 'Ask us',
        payload: { formId: world.acme.form.formId, values: fillForm(world.acme.form, mark) },
      })
      claims.push({ mark, isAcknowledged: true, opId: view?.opId ?? '' })
    }
    let entries = await tabs[0]?.readEntries()
    for (let flush = 0; flush < MOST_FLUSHES; flush += 1) {
      await Promise.all(tabs.map((tab) => tab.flush({ urgency: 'now' })))
      entries = await tabs[0]?.readEntries()
      if (entries?.every(({ state }) => state === 'delivered' || state === 'dead')) break
    }
    const findings: string[] = []
    for (const claim of claims) {
      const entry = entries?.find(({ opId }) => opId === claim.opId)
      if (entry?.state === 'dead') {
        claim.stands = 'dead'
        if (entry.reason !== 'too_large') findings.push(`${claim.mark} is a dead letter: ${entry.reason}`)
      } else if (entry?.state !== 'delivered') {
        claim.stands = entry && 'waiting'
        findings.push(`${claim.mark} is ${entry?.state ?? 'gone'} after ${MOST_FLUSHES} attempts`)
      }
    }
    return withFindings(await account(world.pool, world.acme.tenantId, claims), findings)
  } finally {
    for (const tab of tabs) await tab.close()
  }
}

/** `fetch` of a page of the site, from a process that is no browser. */
function fetchThrough({ port, acme }: ServerWorld): typeof fetch {
  return async (input, init) => {
    const sent = { headers: Object.fromEntries(new Headers(init?.headers)), body: String(init?.body) }
    const { status, headers, text } = await post(port, acme.host, String(input), sent)
    if (status === 0) throw new TypeError('Failed to fetch')
    return new Response(text, { status, headers })
  }
}
