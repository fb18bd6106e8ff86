/** What was written, as it lies on the disk. `plain` only where the browser has no WebCrypto, or until it is sealed. */
export type Content =
  | { kind: 'plain'; value: unknown }
  | { kind: 'sealed'; keyId: string; iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }

/** Record of the store `contents`, keyed by operation id. A part is null when there is none, or none any more. */
export interface ContentRecord {
  layout: 2
  payload: Content | null
  /** Fields that a member's edit changes. */
  changes: Content | null
  /** What a conflict of a member's edit left standing and what gave way. */
  conflict: Content | null
}

export type ContentPart = 'payload' | 'changes' | 'conflict' | 'draft'

/** What a seal belongs to: moved to another queue, record or part, it does not open. */
export interface SealSubject {
  queue: string
  /** Operation id or form id. */
  id: string
  part: ContentPart
}

/** Key ids that a record needs to be opened. */
export function keyIdsOf(record: ContentRecord): string[] {
  return [record.payload, record.changes, record.conflict].flatMap((content) =>
    content?.kind === 'sealed' ? [content.keyId] : [],
  )
}

export function isContent(value: unknown): value is Content {
  if (typeof value !== 'object' || value === null) return false
  const content = value as Partial<Extract<Content, { kind: 'sealed' }>> | { kind: 'plain'; value?: unknown }
  if (content.kind === 'plain') return 'value' in content
  return (
    content.kind === 'sealed' &&
    typeof content.keyId === 'string' &&
    content.iv instanceof Uint8Array &&
    content.data instanceof ArrayBuffer
  )
}

export function isContentRecord(value: unknown): value is ContentRecord {
  if (typeof value !== 'object' || value === null) return false
  const record = value as Partial<ContentRecord>
  const parts = [record.payload, record.changes, record.conflict]
  return record.layout === 2 && parts.every((part) => part === null || isContent(part))
}
