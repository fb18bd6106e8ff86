import { type LeadAmend, type LeadInsert, type LeadValues, leadAmend, type QueueEntryView } from '@landfall/contract'
import type { Outbox } from '@landfall/outbox'

/**
 * What a lead says with everything that is on its way, as long as this device still has it: until it is delivered.
 *
 * @returns null once nothing of it is kept here
 */
export async function sentValues(
  outbox: Pick<Outbox, 'payloadOf'>,
  entries: readonly QueueEntryView[],
  leadId: string,
): Promise<LeadValues | null> {
  const mine = entries.filter(
    (entry) =>
      entry.entity === 'lead' && entry.entityId === leadId && entry.state !== 'dead' && entry.action !== 'delete',
  )
  const payloads = await Promise.all(mine.map((entry) => outbox.payloadOf(entry.opId)))
  const [first, ...changes] = payloads.map((payload) => (payload as LeadInsert | LeadAmend | null)?.values)
  if (mine[0]?.action !== 'insert' || !first) return null
  return Object.assign({}, first, ...changes)
}

/** What a refused change wanted. */
export async function refusedValues(outbox: Pick<Outbox, 'payloadOf'>, opId: string): Promise<LeadValues> {
  const read = leadAmend.safeParse(await outbox.payloadOf(opId))
  return read.success ? read.data.values : {}
}
