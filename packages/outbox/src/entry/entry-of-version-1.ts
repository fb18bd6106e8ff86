import type { Entry } from './entry.ts'
import { operationBytes } from './operation-bytes.ts'
import { isEntryHead, isRecord } from './read-entry.ts'

/** A write as version 1 of the store kept it, taken apart: payload and changes stood in it, in plain. */
export interface EntryOfVersion1 {
  entry: Omit<Entry, 'seq'>
  payload: Record<string, unknown> | null
  changes: Record<string, unknown> | null
}

/** @returns undefined for what version 1 could not have written */
export function readEntryOfVersion1(stored: unknown): EntryOfVersion1 | undefined {
  if (!isRecord(stored) || stored.layout !== 1 || !isRecord(stored.state)) return undefined
  const { payload, changes, ...head } = stored
  if (!isObjectOrNull(payload) || !isObjectOrNull(changes)) return undefined
  const state = stored.state.kind === 'queued' ? { ...stored.state, fromMs: 0 } : stored.state
  const entry = { ...head, layout: 2, seq: 0, bytes: 0, hasChanges: changes !== null, correlationId: null, state }
  if (!isEntryHead(entry)) return undefined
  return { entry: { ...entry, bytes: operationBytes(entry, JSON.stringify(payload ?? {})) }, payload, changes }
}

const isObjectOrNull = (value: unknown): value is Record<string, unknown> | null => value === null || isRecord(value)
