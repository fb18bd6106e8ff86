import type { Operation } from '@landfall/contract'
import type { Entry, EntryHead } from './entry.ts'

const encoder = new TextEncoder()
/** The name `payload` with what stands round it, and the comma after the operation. */
const PAYLOAD_FRAME_BYTES = 12

export function toOperation(entry: EntryHead, payload: Record<string, unknown>): Operation {
  return { ...headOf(entry), payload }
}

function headOf(entry: EntryHead): Omit<Operation, 'payload'> {
  return {
    opId: entry.opId,
    ...(entry.groupId === null ? {} : { groupId: entry.groupId }),
    entity: entry.entity,
    action: entry.action,
    entityId: entry.entityId,
    ...(entry.baseVersion === null ? {} : { baseVersion: entry.baseVersion }),
    ...(entry.formVersion === null ? {} : { formVersion: entry.formVersion }),
    capturedAt: entry.capturedAt,
  }
}

/** Size of an operation in a request, reckoned once, so that a batch is put together without opening what is sealed. */
export function operationBytes(entry: EntryHead & Partial<Entry>, payloadJson: string): number {
  return encoder.encode(JSON.stringify(headOf(entry)) + payloadJson).byteLength + PAYLOAD_FRAME_BYTES
}
