import { type Rejected, rejected } from '../engine/handler.ts'

interface Issue {
  code?: string
  keys?: unknown
  message: string
  path: PropertyKey[]
}

/** Of a payload that its schema refuses: which field a client may not set, or what else is wrong with it. */
export function rejectPayload(issues: readonly Issue[]): Rejected {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys')
  if (unknown) {
    return rejected('field_not_allowed', { detail: shorten(`Not for a client to set: ${String(unknown.keys)}`) })
  }
  const [issue] = issues
  return rejected('malformed', {
    detail: shorten(`${['payload', ...(issue?.path ?? [])].join('.')}: ${issue?.message}`),
  })
}

/** What is told is made of what the caller sent, and the ledger keeps it. */
const shorten = (detail: string) => detail.slice(0, 300)
