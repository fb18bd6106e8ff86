/** Why a record could not be read. */
export const QUARANTINE_REASONS = [
  /** A layout that this version does not know. */
  'unknown_layout',
  /** The layout is known, and a value in it is none that could have been written. */
  'bad_record',
  /** The record stands, and what was written is missing. */
  'content_missing',
  /** The key that sealed it is not on this device any more. */
  'key_missing',
  /** The seal is broken: it was changed, or belongs to another record. */
  'seal_broken',
] as const
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number]

/** A record set apart because it could not be read. Only a person removes it. */
export interface QuarantinedRecord {
  id: number
  /** Store it came from. */
  store: 'entries' | 'drafts' | 'meta'
  /** Its key there: an operation id, a form id, or a name. */
  key: string
  reason: QuarantineReason
  /** Device clock, in milliseconds since 1970. */
  atMs: number
  /** The record as it was found, whatever it is. */
  record: unknown
  /** What was kept sealed with it, as it was found; null when there was none. */
  content: unknown
}
