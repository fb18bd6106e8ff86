import type { FieldProblem, Locale, RejectionReason } from '@landfall/contract'
import { ar } from './ar.ts'
import { en } from './en.ts'

/** Everything that the form and the sync indicator say by themselves. A tenant's own words are in its form. */
export interface Messages {
  problems: Record<FieldProblem, string>
  optional: string
  choose: string
  summary: (fields: number) => string
  saving: string
  /** How it stands (`waiting` is online, after a try that failed), and what this browser can promise of it. */
  saved: Record<'title' | 'offline' | 'online' | 'waiting' | 'mayClose' | 'keptHere', string>
  sent: { title: string }
  rejected: { title: string; text: string; correct: string }
  rejections: Record<RejectionReason, string>
  notSaved: {
    title: string
    blocked: string
    quota: string
    failed: string
    newer: string
    offline: string
    kept: string
  }
  another: string
  seeEnquiries: string
  draftRestored: string
  clearDraft: string
  offlineHint: string
  decoy: string
  sync: {
    online: string
    offline: string
    offlinePending: (pending: number) => string
    pending: (pending: number) => string
    syncing: string
    waiting: (problem: string, time: string | null) => string
    dead: (count: number) => string
    sendNow: string
  }
  /** Plain sentence for why delivery waits, by kind of problem. */
  deliveryProblems: Record<'network' | 'server' | 'refused', string>
}

const MESSAGES: Record<Locale, Messages> = { en, ar }

export function messagesFor(locale: Locale): Messages {
  return MESSAGES[locale]
}
