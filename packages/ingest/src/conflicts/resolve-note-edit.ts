import type { ConflictValues } from '@landfall/contract'

/** A note as it stands. */
export interface NoteState {
  body: string
  version: number
  /** Clamped time of the edit that stands. */
  updatedAt: Date
  /** Device of the edit that stands. */
  deviceId: string
}

export interface NoteEdit {
  body: string
  /** Version of the note that its author saw. */
  baseVersion: number
  /** Clamped: never before there was a lead, nor after the edit arrived. */
  editedAt: Date
  deviceId: string
}

/**
 * Settles an author's edit against one of theirs from another device that it did not know of: the later stands, and of
 * two at the same moment the one that arrived last. The version is a new one whatever stands: the device waits for it.
 */
export function resolveNoteEdit(
  current: NoteState,
  edit: NoteEdit,
): { next: NoteState; conflict: ConflictValues | null } {
  const version = current.version + 1
  const isKnown = current.version <= edit.baseVersion
  const isLater = isKnown || edit.editedAt >= current.updatedAt
  const next = isLater
    ? { body: edit.body, version, updatedAt: later(edit.editedAt, current.updatedAt), deviceId: edit.deviceId }
    : { ...current, version }
  // What one device wrote one after the other is no conflict, and neither is the same thing said twice.
  if (isKnown || current.deviceId === edit.deviceId || current.body === edit.body) return { next, conflict: null }
  const [kept, lost] = isLater ? [edit.body, current.body] : [current.body, edit.body]
  return { next, conflict: { body: { kept, lost } } }
}

/** Whether the note was changed since `baseVersion`, elsewhere and after the delete was made: then it stays. */
export function isEditedSince(
  current: NoteState,
  { baseVersion, editedAt, deviceId }: Omit<NoteEdit, 'body' | 'baseVersion'> & { baseVersion: number | undefined },
): boolean {
  if (baseVersion === undefined || current.version <= baseVersion) return false
  return current.deviceId !== deviceId && current.updatedAt > editedAt
}

const later = (a: Date, b: Date) => (a > b ? a : b)
