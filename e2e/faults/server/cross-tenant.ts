import { seededRandom } from '../seeded-random.ts'
import type { RunResult } from '../tally.ts'
import { account, withFindings } from './account.ts'
import { ATTACKS, type Attack } from './attacks.ts'
import { newDevice, newLead } from './device.ts'
import { sendUntilAnswered } from './send-until-answered.ts'
import { calm, type ServerWorld } from './server-world.ts'

/** How many attacks one lead is put through. */
const ATTACKS_PER_RUN = 6

/**
 * A lead of one tenant stands, and whoever should not reaches for it: nothing of it may change, be told or turn up
 * elsewhere. What an attack got is found by reading with the attacker's own credentials, and behind every policy.
 */
export async function crossTenant(seed: number, world: ServerWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const owner = newDevice(random)
  const mark = `Target ${seed}-${owner.clientId}`
  const lead = newLead(world.acme.form, mark, random)
  const { results } = await sendUntilAnswered(world, world.acme, owner, [lead])
  const before = await everythingOf(world, lead.entityId)

  const findings: string[] = []
  let leaked = 0
  for (let count = 0; count < ATTACKS_PER_RUN; count += 1) {
    const name = random.pick(Object.keys(ATTACKS))
    const attack = ATTACKS[name] as Attack
    const got = await attack({ world, random, owner, lead, mark })
    const after = await everythingOf(world, lead.entityId)
    if (got !== undefined) findings.push(`${name}: ${got}`)
    if (after !== before) findings.push(`${name}: the lead was changed from ${before} to ${after}`)
    if (got !== undefined || after !== before) leaked += 1
  }
  const claims = [{ mark, isAcknowledged: results.get(lead.opId)?.outcome === 'applied' }]
  const counted = await account(world.pool, world.acme.tenantId, claims)
  const tally = { ...counted.tally, leaked: counted.tally.leaked + leaked }
  return withFindings({ tally, findings: counted.findings }, findings)
}

/** The lead's row with everything that hangs on it, at the tenant it belongs to. */
async function everythingOf({ pool, acme }: ServerWorld, leadId: string): Promise<string> {
  const { rows } = await pool.query<{ found: string }>(
    `SELECT jsonb_build_array(
       (SELECT to_jsonb(l) FROM leads l WHERE l.id = $1 AND l.tenant_id = $2),
       (SELECT jsonb_agg(to_jsonb(r)) FROM lead_receipts r WHERE r.lead_id = $1 AND r.tenant_id = $2),
       (SELECT jsonb_agg(to_jsonb(e) ORDER BY e.id) FROM lead_events e WHERE e.lead_id = $1 AND e.tenant_id = $2)
     )::text AS found`,
    [leadId, acme.tenantId],
  )
  return rows[0]?.found ?? ''
}
