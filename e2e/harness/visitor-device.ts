import { demoTenants } from '@landfall/database/demo-tenants'
import { uuidv7 } from 'uuidv7'

const [acme] = demoTenants
if (!acme) throw new Error('the demo has a tenant')

/** A visitor's device without a browser, at the demo's roofer. */
export function newVisitorDevice() {
  const clientId = uuidv7()
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
  const now = () => new Date().toISOString()
  const insertLead = (name: string, changes: Record<string, unknown> = {}) => ({
    opId: uuidv7(),
    entity: 'lead',
    action: 'insert',
    entityId: uuidv7(),
    formVersion: 1,
    capturedAt: now(),
    payload: {
      formId: acme?.forms[0].formId,
      values: { name, email: 'a@example.com', job: 'leak', message: 'It drips.', privacy: true },
    },
    ...changes,
  })
  return {
    slug: 'acme',
    proof: { authorization: `Device ${clientId}.${key}` },
    insertLead,
    batch: (...operations: unknown[]) => ({ protocol: 1, clientId, sentAt: now(), operations }),
  }
}
