import type { Operation, OperationResult } from '@landfall/contract'
import { type SeededRandom, uuidAt } from '../seeded-random.ts'
import { type Device, envelope, fillForm, newDevice, newLead } from './device.ts'
import { memberCookie } from './member-cookie.ts'
import { type Posted, post } from './post.ts'
import { readResults } from './send-until-answered.ts'
import { BATCH_PATH, type DemoSite, type ServerWorld } from './server-world.ts'

export interface Target {
  world: ServerWorld
  random: SeededRandom
  /** Whose lead it is. */
  owner: Device
  lead: Operation
  mark: string
}

/** @returns what it got that it should not have, in words; undefined when it got nothing */
export type Attack = (target: Target) => Promise<string | undefined>

const send = (
  { world }: Target,
  site: DemoSite,
  device: Device,
  operations: unknown[],
  { headers = {}, query = '' } = {},
): Promise<Posted> =>
  post(world.port, site.host, BATCH_PATH + query, {
    headers: { ...device.headers, ...headers },
    body: envelope(device, operations),
  })

/** An answer that takes any of the operations was one too many; of a refusal, only the reasons named may be told. */
function mustRefuse(answer: Posted, reasons: readonly string[]): string | undefined {
  if (answer.status !== 200)
    return answer.status >= 400 && answer.status < 500 ? undefined : `answered ${answer.status}`
  const results = readResults(answer.status, answer.text)
  const bad = results.find((result) => result.outcome !== 'rejected' || !reasons.includes(result.reason))
  return results.length > 0 && !bad ? undefined : `answered ${JSON.stringify(bad ?? answer.text)}`
}

const mustBeStatus = (answer: Posted, ...statuses: number[]) =>
  statuses.includes(answer.status) ? undefined : `answered ${answer.status} ${answer.text.slice(0, 200)}`

/** What a lead of one's own is answered. */
const isApplied = ([result]: OperationResult[]) => result?.outcome === 'applied'

export const ATTACKS: Record<string, Attack> = {
  'the same operation at another tenant': async (target) => {
    const answer = await send(target, target.world.lumen, target.owner, [target.lead])
    // A namesake may have taken the id at that tenant: it is told so, and of its own.
    return mustRefuse(answer, ['unknown_form', 'id_already_used'])
  },
  'the operation by another device': async (target) => {
    const answer = await send(target, target.world.acme, newDevice(target.random), [target.lead])
    return mustRefuse(answer, ['id_already_used'])
  },
  'the id of the lead by another device': async (target) => {
    const { world, random, lead, mark } = target
    const mine = { ...newLead(world.acme.form, `Thief of ${mark}`, random), entityId: lead.entityId }
    return mustRefuse(await send(target, world.acme, newDevice(random), [mine]), ['id_already_used'])
  },
  'the id of the lead at another tenant is free, and reaches nothing': async (target) => {
    const { world, random, lead, mark } = target
    const thief = `Namesake of ${mark}`
    const mine = { ...newLead(world.lumen.form, thief, random), entityId: lead.entityId, opId: lead.opId }
    const answer = await send(target, world.lumen, newDevice(random), [mine])
    // The first time it is a lead of the other tenant's own; a second time it meets that one.
    const results = readResults(answer.status, answer.text)
    return isApplied(results) ? undefined : mustRefuse(answer, ['id_already_used'])
  },
  'a change of the lead by another device': async (target) => {
    const { world, random, lead } = target
    const action = random.pick(['update', 'delete'] as const)
    const change = {
      ...lead,
      opId: uuidAt(Date.now(), random),
      action,
      payload: action === 'update' ? { values: { message: 'gone' } } : {},
    }
    const answer = await send(target, random.pick([world.acme, world.lumen]), newDevice(random), [change])
    return mustRefuse(answer, ['not_found', 'not_allowed', 'malformed'])
  },
  'the client id of the device with another key': async (target) => {
    const { world, random, owner, lead } = target
    const forged = { ...newDevice(random), clientId: owner.clientId }
    const headers = { authorization: `Device ${owner.clientId}.${forged.key}` }
    return mustBeStatus(await send(target, world.acme, { ...forged, headers }, [lead]), 401)
  },
  'no proof at all': async ({ world, lead, owner }) =>
    mustBeStatus(await post(world.port, world.acme.host, BATCH_PATH, { body: envelope(owner, [lead]) }), 401),
  'headers that name another tenant': async (target) => {
    const { world, random, mark } = target
    const device = newDevice(random)
    const lies = {
      'x-forwarded-host': world.lumen.host,
      'x-tenant-id': world.lumen.tenantId,
      'x-landfall-tenant': world.lumen.tenantId,
      'x-original-host': world.lumen.host,
      forwarded: `host=${world.lumen.host}`,
      'x-middleware-subrequest': 'src/proxy',
    }
    const name = `Liar about ${mark} ${device.clientId}`
    const lead = newLead(world.acme.form, name, random)
    await send(target, world.acme, device, [lead], { headers: lies, query: `?tenant=${world.lumen.tenantId}` })
    return storedElsewhere(world, lead.entityId)
  },
  'fields for the server to set': async (target) => {
    const { world, random, mark } = target
    const lead = newLead(world.acme.form, `Setter of ${mark}`, random)
    const field = random.pick([
      { tenantId: world.lumen.tenantId },
      { status: 'won' },
      { clientId: target.owner.clientId },
      { version: 9 },
      { owner: 'me' },
      { receivedAt: '2020-01-01T00:00:00Z' },
    ])
    const operation = random.chance(0.5) ? { ...lead, ...field } : { ...lead, payload: { ...lead.payload, ...field } }
    const answer = await send(target, world.acme, newDevice(random), [operation])
    return mustRefuse(answer, ['field_not_allowed', 'malformed'])
  },
  'a prototype in place of fields': async ({ world, random, mark }) => {
    const device = newDevice(random)
    const lead = newLead(world.acme.form, `Prototype of ${mark} ${device.clientId}`, random)
    const poison = `"__proto__":{"tenantId":"${world.lumen.tenantId}","status":"won"},"constructor":{"prototype":{"x":1}},`
    const whole = envelope(device, [lead])
    const place = random.pick(['{"protocol"', '{"opId"', '{"formId"', '{"name"'])
    const body = whole.replace(place, `{${poison}${place.slice(1)}`)
    await post(world.port, world.acme.host, BATCH_PATH, { headers: device.headers, body })
    const { rows } = await world.pool.query<{ status: string }>('SELECT status FROM leads WHERE id = $1', [
      lead.entityId,
    ])
    if (rows.some(({ status }) => status === 'won')) return 'a status that only a member gives was taken'
    return storedElsewhere(world, lead.entityId)
  },
  'the receipt, with the credentials of another device': async ({ world, random, owner, lead }) => {
    const stranger = newDevice(random)
    const path = `/api/shapes/receipts?offset=-1${random.pick(['', '&where=true', '&table=leads', '&columns=client_id', `&params[2]=${owner.clientId}`])}`
    const site = random.pick([world.acme, world.lumen])
    // It must have written before it may read at all.
    await post(world.port, site.host, BATCH_PATH, {
      headers: stranger.headers,
      body: envelope(stranger, [newLead(site.form, `Reader ${stranger.clientId}`, random)]),
    })
    const answer = await post(world.port, site.host, path, { method: 'GET', headers: stranger.headers })
    return answer.text.includes(lead.entityId) ? 'the receipt of another device was read' : undefined
  },
  'the workspace, as a member of another tenant': async ({ world, random, lead }) => {
    const cookie = await memberCookie(world, world.lumen)
    const host = `app.localhost:${world.port}`
    const path = `/api/workspaces/${world.acme.tenantId}`
    const device = newDevice(random)
    const edit = {
      ...lead,
      opId: uuidAt(Date.now(), random),
      action: random.pick(['update', 'delete'] as const),
      baseVersion: 1,
      payload: { status: 'spam' },
    }
    const headers = { cookie, origin: `http://${host}` }
    const written = await post(world.port, host, `${path}/sync/batch`, { headers, body: envelope(device, [edit]) })
    const read = await post(world.port, host, `${path}/shapes/leads?offset=-1`, { method: 'GET', headers })
    if (read.text.includes(lead.entityId)) return 'the lead was read'
    return mustBeStatus(written, 401, 403, 404) ?? mustBeStatus(read, 401, 403, 404)
  },
  'the lead, from its own workspace, as a member of another tenant': async ({ world, random, lead }) => {
    const cookie = await memberCookie(world, world.lumen)
    const host = `app.localhost:${world.port}`
    const edit = {
      ...lead,
      opId: uuidAt(Date.now(), random),
      action: 'update',
      baseVersion: 1,
      payload: { values: fillForm(world.acme.form, 'Somebody else'), status: 'won' },
    }
    const answer = await post(world.port, host, `/api/workspaces/${world.lumen.tenantId}/sync/batch`, {
      headers: { cookie, origin: `http://${host}` },
      body: envelope(newDevice(random), [edit]),
    })
    return mustRefuse(answer, ['not_found', 'malformed', 'invalid_values', 'field_not_allowed'])
  },
}

async function storedElsewhere({ pool, acme }: ServerWorld, leadId: string): Promise<string | undefined> {
  const { rows } = await pool.query('SELECT tenant_id FROM leads WHERE id = $1 AND tenant_id <> $2', [
    leadId,
    acme.tenantId,
  ])
  return rows.length > 0 ? `stored at ${rows[0].tenant_id}` : undefined
}
