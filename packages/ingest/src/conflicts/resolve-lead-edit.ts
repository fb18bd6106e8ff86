import type { ConflictValues, LeadStatus, LeadValues } from '@landfall/contract'
import type { FieldEdit, FieldEdits } from '@landfall/database/schema'

/** A field as conflicts and histories name it. */
export type LeadField = 'status' | `values.${string}`

/** What a field holds; undefined for one that was left empty. */
export type FieldValue = string | boolean | undefined

export interface LeadState {
  status: LeadStatus
  values: LeadValues
  version: number
  fieldEdits: FieldEdits
}

export interface LeadEdit {
  /** Version of the row that the person saw. */
  baseVersion: number
  changes: ReadonlyMap<LeadField, FieldValue>
  /** Clamped: never before there was a lead, nor after the edit arrived. */
  editedAt: Date
  opId: string
  by: FieldEdit['by']
  deviceId: string
}

export interface Resolution {
  /** The row afterwards. Its version is a new one whatever the edit changed: the device that sent it waits for that. */
  next: LeadState
  /** What the edit changed, by field. */
  changed: Map<LeadField, { from: FieldValue; to: FieldValue }>
  /** What met somebody else's edit: the value that stands now, and the one that gave way. */
  conflicts: Map<LeadField, { kept: FieldValue; lost: FieldValue }>
}

/**
 * Settles an edit against what others wrote since the version that it started from.
 *
 * Fields that nobody touched since are simply taken, and so is a value that stands there already. Of two edits of the
 * same field the later one stands, and of two at the same moment the one with the greater operation id; so devices that
 * were apart come out alike in whatever order their edits arrive. An edit that was made knowing another, or by the
 * device that made the other, is no conflict with it.
 */
export function resolveLeadEdit(current: LeadState, edit: LeadEdit): Resolution {
  const version = current.version + 1
  const values = { ...current.values }
  const fieldEdits = { ...current.fieldEdits }
  const resolution: Resolution = {
    next: { status: current.status, values, version, fieldEdits },
    changed: new Map(),
    conflicts: new Map(),
  }
  for (const [field, value] of edit.changes) {
    const last = Object.hasOwn(fieldEdits, field) ? fieldEdits[field] : undefined
    const before = readField(current, field)
    const isKnown = last === undefined || last.version <= edit.baseVersion
    const stamp = stampOf(edit, version, isKnown ? last : undefined)
    const isLater = last === undefined || isKnown || compare(stamp, last) > 0

    if (value === before) {
      // The same thing said twice: it counts from the later time, and nobody's value gave way.
      fieldEdits[field] = isLater ? { ...stamp, version: last?.version ?? version } : touched(last, edit)
      continue
    }
    if (!isLater) fieldEdits[field] = touched(last, edit)
    else {
      fieldEdits[field] = stamp
      writeField(resolution.next, field, value)
      resolution.changed.set(field, { from: before, to: value })
    }
    const isOwn = isLater && last?.deviceId === edit.deviceId
    if (!isKnown && !isOwn) {
      resolution.conflicts.set(field, isLater ? { kept: value, lost: before } : { kept: before, lost: value })
    }
  }
  return resolution
}

/** As the answer carries them; a field that is empty reads as null. */
export function toConflictValues(conflicts: Resolution['conflicts']): ConflictValues {
  return Object.fromEntries(
    [...conflicts].map(([field, { kept, lost }]) => [field, { kept: kept ?? null, lost: lost ?? null }]),
  )
}

/** An edit that knew of another is never earlier, whatever its clock says. */
function stampOf({ editedAt, opId, by, deviceId }: LeadEdit, version: number, known: FieldEdit | undefined): FieldEdit {
  const own = editedAt.toISOString()
  return { version, editedAt: known && known.editedAt > own ? known.editedAt : own, opId, by, deviceId }
}

/** The edit that stands, seen by whoever made the one that gave way. */
const touched = (last: FieldEdit, { by }: LeadEdit): FieldEdit => (by === 'member' ? { ...last, by } : last)

function compare(a: FieldEdit, b: FieldEdit): number {
  if (a.editedAt !== b.editedAt) return a.editedAt < b.editedAt ? -1 : 1
  return a.opId < b.opId ? -1 : a.opId > b.opId ? 1 : 0
}

function readField(state: LeadState, field: LeadField): FieldValue {
  if (field === 'status') return state.status
  const name = field.slice('values.'.length)
  return Object.hasOwn(state.values, name) ? state.values[name] : undefined
}

function writeField(state: LeadState, field: LeadField, value: FieldValue): void {
  if (field === 'status') {
    state.status = value as LeadStatus
    return
  }
  const name = field.slice('values.'.length)
  if (value === undefined) delete state.values[name]
  else state.values[name] = value
}
