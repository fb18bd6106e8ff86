import type { FieldProblem, Locale, RejectionReason } from '@landfall/contract'
import type { QuarantinedRecord, QuarantineReason, UnavailableReason } from '@landfall/outbox'
import { ar } from './ar.ts'
import { en } from './en.ts'

/** Everything that the form and the sync indicator say by themselves. A tenant's own words are in its form. */
export interface Messages {
  problems: Record<FieldProblem, string>
  optional: string
  choose: string
  summary: (fields: number) => string
  saving: string
  /**
   * How it stands (`waiting` is online, after a try that failed), and what this browser can promise of it. A private
   * window looks like any other, so each promise must hold there as well.
   */
  saved: Record<'title' | 'offline' | 'online' | 'waiting' | 'mayClose' | 'keptHere' | 'keepOpen', string>
  sent: { title: string; notListed: string }
  rejected: { title: string; text: string; correct: string }
  /** The browser or a person deleted the storage before it was sent; the page still has the words. */
  lost: Record<'title' | 'text' | 'again', string>
  rejections: Record<RejectionReason, string>
  /** Why this device keeps nothing. */
  unkept: Record<UnavailableReason, string>
  /** Neither kept nor sent: what stands in the way, what to do, and what is not lost. */
  notSent: Record<'title' | 'unreachable' | 'busy' | 'failed' | 'kept' | 'stay', string>
  /** A visitor changes what they sent. */
  amend: Record<'known' | 'unknown' | 'asItIs' | 'save' | 'cancel' | 'unkept', string>
  /** What could not be delivered, and what could not even be read. */
  letters: {
    download: string
    downloadFailed: string
    discard: string
    discardUnreadableQuestion: string
    unreadable: Record<QuarantinedRecord['store'], string>
    unreadableReasons: Record<QuarantineReason, string>
  }
  another: string
  seeEnquiries: string
  draftRestored: string
  clearDraft: string
  offlineHint: string
  offlineUnkept: string
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
    lastSynced: (ago: string) => string
    /** News from the server: first asked for, on their way back, refused until a person acts, refused for another reason. */
    live: Record<'connecting' | 'reconnecting' | 'refused' | 'failed', string>
  }
  /** Plain sentence for why delivery waits, by kind of problem. */
  deliveryProblems: Record<'network' | 'server' | 'refused', string>
}

const MESSAGES: Record<Locale, Messages> = { en, ar }

export function messagesFor(locale: Locale): Messages {
  return MESSAGES[locale]
}
