import {
  checkLeadValues,
  type FieldProblems,
  type FormDefinition,
  formId,
  type LeadFormValues,
  type LeadInsertInput,
  ProblemError,
  type ReceivedBatch,
  type RejectionReason,
  SYNC_PROTOCOL,
} from '@landfall/contract'
import { findFormVersion, readLeadValues, withTenant } from '@landfall/database'
import { uuidv7 } from 'uuidv7'
import { z } from 'zod'
import { databases } from '../server/databases.ts'
import { countBatch, ingest } from '../server/ingest.ts'
import type { PlainPost } from './read-plain-post.ts'

export type PlainPostResult =
  | { kind: 'stored'; definition: FormDefinition }
  | { kind: 'invalid'; definition: FormDefinition; values: LeadFormValues; problems: FieldProblems }

export interface PlainPostRequest {
  request: Request
  requestId: string
  formId: string
}

export interface PlainPostContext extends PlainPostRequest {
  tenantId: string
}

/** There is a lead of this id, whatever became of it. */
const TAKEN: readonly RejectionReason[] = ['id_already_used', 'already_read', 'withdrawn']

/** The version of the form that the page had. */
export async function findPostedForm(context: PlainPostContext, post: PlainPost): Promise<FormDefinition> {
  // Postgres would take these for its own failure, and the visitor would be told to try again.
  const canExist = formId.safeParse(context.formId).success && z.int32().min(1).safeParse(post.version).success
  if (!canExist) throw noSuchForm()
  const found = await withTenant(databases().app, context.tenantId, (tx) =>
    findFormVersion(tx, context.formId, post.version),
  )
  if (found.kind !== 'found') throw noSuchForm()
  return found.definition
}

const noSuchForm = () => new ProblemError('not_found', 'There is no such form here.')

/** Takes a plain post through the same engine as every other lead. */
export async function submitPlainPost(
  context: PlainPostContext,
  definition: FormDefinition,
  post: PlainPost,
): Promise<PlainPostResult> {
  const values = typedValues(definition, post.fields)
  const checked = checkLeadValues(definition, values)
  if (!checked.success) return { kind: 'invalid', definition, values, problems: checked.problems }

  const first = await send(context, definition, post, values, post.submissionId)
  if (first.outcome === 'applied' || first.outcome === 'duplicate') return { kind: 'stored', definition }
  if (first.outcome === 'rejected' && TAKEN.includes(first.reason)) {
    // A second click, or a reload of the answer, is the same lead. The id of a page that was kept and used again with
    // other words is not.
    const known = await readLeadValues(databases().app, context.tenantId, post.submissionId)
    if (known && isSame(known, checked.values)) return { kind: 'stored', definition }
    const second = await send(context, definition, post, values, uuidv7())
    if (second.outcome === 'applied') return { kind: 'stored', definition }
  }
  if (first.outcome === 'rejected' && first.fields) {
    return { kind: 'invalid', definition, values, problems: first.fields }
  }
  throw new ProblemError('upstream_unavailable', 'The message could not be taken just now.', { retryAfterMs: 30_000 })
}

async function send(
  { request, requestId, tenantId }: PlainPostContext,
  definition: FormDefinition,
  post: PlainPost,
  values: LeadFormValues,
  leadId: string,
) {
  const now = new Date().toISOString()
  const payload: LeadInsertInput = {
    formId: definition.formId,
    values,
    attribution: post.attribution,
    ...(post.decoy ? { decoy: post.decoy } : {}),
  }
  const operation = {
    opId: uuidv7(),
    entity: 'lead',
    action: 'insert' as const,
    entityId: leadId,
    formVersion: definition.version,
    capturedAt: now,
    payload,
  }
  // A browser without JavaScript has no device to speak of: each post is one of its own, under an id that nobody learns.
  // By the lead's id anybody who knows it could register a device, and take the lead back.
  const clientId = uuidv7()
  const visitor = { kind: 'visitor' as const, tenantId, clientId }
  const batch: ReceivedBatch = { protocol: SYNC_PROTOCOL, clientId, sentAt: now, operations: [operation] }
  await countBatch(request, visitor, batch)
  const answer = await ingest(visitor, batch, requestId)
  const [result] = answer.results
  if (!result) throw new ProblemError('server_error')
  return result
}

/** A browser sends boxes only when ticked, and everything as text. */
function typedValues(definition: FormDefinition, fields: Record<string, string>): LeadFormValues {
  const isBox = new Set(
    definition.fields.filter(({ type }) => type === 'checkbox' || type === 'consent').map(({ name }) => name),
  )
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, isBox.has(name) ? true : value]))
}

function isSame(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
