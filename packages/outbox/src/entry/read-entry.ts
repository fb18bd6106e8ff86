import { OPERATION_ACTIONS } from '@landfall/contract'
import type { QuarantineReason } from '../quarantine/quarantined-record.ts'
import type { Entry, EntryState } from './entry.ts'

export type ReadEntry =
  | { kind: 'entry'; entry: Entry }
  | { kind: 'unreadable'; reason: QuarantineReason; layout: number | null }

/** Looks at a stored record before anybody believes it: a disk, a crash or another version may have made anything of it. */
export function readEntry(stored: unknown): ReadEntry {
  if (!isRecord(stored)) return { kind: 'unreadable', reason: 'bad_record', layout: null }
  if (stored.layout !== 2) {
    return { kind: 'unreadable', reason: 'unknown_layout', layout: Number(stored.layout) || null }
  }
  return isEntryHead(stored)
    ? { kind: 'entry', entry: stored }
    : { kind: 'unreadable', reason: 'bad_record', layout: 2 }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type Check = (value: unknown) => boolean
const isText: Check = (value) => typeof value === 'string'
const isName: Check = (value) => typeof value === 'string' && value !== ''
const isNumber: Check = (value) => Number.isFinite(value)
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const isTime: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value))
/** As far as a date reaches; beyond, no time can be written. */
const isClock: Check = (value) => Number.isFinite(value) && Math.abs(value as number) <= 8.64e15

const HEAD: Record<keyof Omit<Entry, 'layout' | 'state'>, Check> = {
  opId: isName,
  groupId: orNull(isName),
  entity: isName,
  action: (value) => (OPERATION_ACTIONS as readonly unknown[]).includes(value),
  entityId: isName,
  baseVersion: orNull(isNumber),
  formVersion: orNull(isNumber),
  capturedAt: isTime,
  seq: isNumber,
  label: isText,
  bytes: isNumber,
  hasChanges: (value) => typeof value === 'boolean',
  correlationId: orNull(isName),
}

const STATES: { [Kind in EntryState['kind']]: Record<keyof Omit<Extract<EntryState, { kind: Kind }>, 'kind'>, Check> } =
  {
    queued: { attempts: isNumber, fromMs: isClock, notBeforeMs: isClock, lastProblem: orNull(isText) },
    sending: { attempts: isNumber, sinceMs: isClock },
    delivered: { atMs: isClock, outcome: isName, txid: isNumber, version: isNumber },
    dead: { atMs: isClock, reason: isName, fields: orNull(isRecord), detail: orNull(isText) },
  }

/** Whether every value is of a kind that could have been written; ids are not looked into. */
export function isEntryHead(stored: Record<string, unknown>): stored is Record<string, unknown> & Entry {
  if (!isRecord(stored.state) || !passes(stored, HEAD)) return false
  const { kind } = stored.state
  const checks =
    typeof kind === 'string' && Object.hasOwn(STATES, kind) ? STATES[kind as EntryState['kind']] : undefined
  return checks !== undefined && passes(stored.state, checks)
}

function passes(record: Record<string, unknown>, checks: Record<string, Check>): boolean {
  for (const name in checks) if (!checks[name]?.(record[name])) return false
  return true
}
