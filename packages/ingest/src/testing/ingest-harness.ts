import { randomUUID } from 'node:crypto'
import type { FormDefinition, Operation, OperationResult } from '@landfall/contract'
import * as schema from '@landfall/database/schema'
import { openTestStack, type TestStack, type TestTenant } from '@landfall/database/testing'
import { createTestDatabase } from '@landfall/embedded-postgres'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'
import { vi } from 'vitest'
import { type ApplyBatchOptions, applyBatch } from '../engine/apply-batch.ts'
import { createHandlerRegistry } from '../handlers/index.ts'
import type { Principal } from '../principal.ts'

export const GOOD_VALUES = { name: 'Ada', email: 'ada@example.com', message: 'Hello', privacy: true }

/** When the operations of the harness were captured: long before anything that counts as recent. */
export const CAPTURED_AT = '2026-01-02T03:04:05.000Z'

type SendOptions = Partial<Omit<ApplyBatchOptions, 'batch'>> & {
  principal: Principal
  /** Client id of the batch; a new device unless told. */
  clientId?: string
  sentAt?: Date
}

/** A migrated Postgres with two tenants, and operations as devices make them. */
export interface IngestHarness extends TestStack {
  acme: TestTenant
  lumen: TestTenant
  send(operations: readonly unknown[], options: SendOptions): Promise<OperationResult[]>
  insert(changes?: Partial<Operation>, payload?: Record<string, unknown>): Operation
  leads(): Promise<(typeof schema.leads.$inferSelect)[]>
  receipts(): Promise<(typeof schema.leadReceipts.$inferSelect)[]>
  events(): Promise<(typeof schema.leadEvents.$inferSelect)[]>
  notes(): Promise<(typeof schema.notes.$inferSelect)[]>
  publish(definition: FormDefinition): Promise<void>
  /** Forgets every lead and every operation. */
  empty(): Promise<void>
}

export async function openIngestHarness(postgresUrl: string): Promise<IngestHarness> {
  const database = await createTestDatabase(postgresUrl)
  const stack = await openTestStack(database.url)
  const acme = await stack.addTenant('acme')
  const lumen = await stack.addTenant('lumen')
  const { owner } = stack
  return {
    ...stack,
    acme,
    lumen,
    async send(operations, { clientId = uuidv7(), sentAt, ...options }) {
      const receivedAt = options.receivedAt ?? new Date()
      const answer = await applyBatch({
        database: stack.app,
        registry: createHandlerRegistry(),
        requestId: randomUUID(),
        receivedAt,
        ...options,
        batch: { protocol: 1, clientId, sentAt: (sentAt ?? receivedAt).toISOString(), operations: [...operations] },
      })
      return answer.results
    },
    insert: (changes = {}, payload = {}) => ({
      opId: uuidv7(),
      entity: 'lead',
      action: 'insert',
      entityId: uuidv7(),
      formVersion: 1,
      capturedAt: CAPTURED_AT,
      payload: { formId: acme.form.formId, values: GOOD_VALUES, ...payload },
      ...changes,
    }),
    leads: () => owner.select().from(schema.leads).orderBy(schema.leads.id),
    receipts: () => owner.select().from(schema.leadReceipts).orderBy(schema.leadReceipts.leadId),
    events: () => owner.select().from(schema.leadEvents).orderBy(schema.leadEvents.id),
    notes: () => owner.select().from(schema.notes).orderBy(schema.notes.id),
    async publish(definition) {
      const { formId, version } = definition
      await owner.insert(schema.formVersions).values({ tenantId: acme.id, formId, version, definition })
    },
    async empty() {
      await owner.execute(sql`TRUNCATE leads, sync_operations CASCADE`)
      await owner.execute(sql`DELETE FROM form_versions WHERE version > 1`)
    },
    async close() {
      await stack.close()
      await database.drop()
    },
  }
}

export function updateOf(
  lead: Pick<Operation, 'entityId'>,
  payload: Record<string, unknown>,
  changes: Partial<Operation> = {},
): Operation {
  return {
    opId: uuidv7(),
    entity: 'lead',
    action: 'update',
    entityId: lead.entityId,
    capturedAt: CAPTURED_AT,
    payload,
    ...changes,
  }
}

export function withdrawalOf(lead: Pick<Operation, 'entityId'>, changes: Partial<Operation> = {}): Operation {
  return { ...updateOf(lead, {}), action: 'delete', ...changes }
}

export const newVisitor = (tenant: TestTenant): Principal & { kind: 'visitor' } => ({
  kind: 'visitor',
  tenantId: tenant.id,
  clientId: uuidv7(),
})

export const newMember = (tenant: TestTenant, role = 'member'): Principal & { kind: 'member' } => ({
  kind: 'member',
  tenantId: tenant.id,
  userId: randomUUID(),
  role,
})

/** Text of every statement that was sent while `work` ran. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    return query.mock.calls.map(([statement]) =>
      (typeof statement === 'string' ? statement : ((statement as { text?: string }).text ?? '')).trim(),
    )
  } finally {
    query.mockRestore()
  }
}
