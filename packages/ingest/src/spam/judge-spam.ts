import { type LeadInsert, type LeadValues, SPAM_REASONS, type SpamReason } from '@landfall/contract'
import { SPAM_THRESHOLDS } from './spam-thresholds.ts'

/** Every reason to set a lead apart that the lead itself gives, in the order of `SPAM_REASONS`. */
export function judgeSpam(payload: Pick<LeadInsert, 'decoy' | 'filledInMs'>, values: LeadValues): SpamReason[] {
  const { decoy, filledInMs } = payload
  return inOrder({
    // Nobody fills in the decoy but a robot.
    decoy: Boolean(decoy),
    too_fast: filledInMs !== undefined && filledInMs < SPAM_THRESHOLDS.minFilledInMs,
    too_many_links: hasTooManyLinks(values),
    too_many_at_once: false,
  })
}

/** The same after an amendment: what the text says is judged anew, what was seen when it was sent stays. */
export function rejudgeSpam(before: readonly SpamReason[], values: LeadValues): SpamReason[] {
  const has = new Set(before)
  return inOrder({
    decoy: has.has('decoy'),
    too_fast: has.has('too_fast'),
    too_many_links: hasTooManyLinks(values),
    too_many_at_once: has.has('too_many_at_once'),
  })
}

export const inOrder = (holds: Record<SpamReason, boolean>): SpamReason[] =>
  SPAM_REASONS.filter((reason) => holds[reason])

const LINK = /(?:https?:\/\/|www\.)[^\s<>"')\]]+/giu
const WORD = /[\p{L}\p{N}]+/gu

/** Links in proportion to the words around them, over all the text of a lead. */
function hasTooManyLinks(values: LeadValues): boolean {
  const text = Object.values(values)
    .filter((value) => typeof value === 'string')
    .join('\n')
  const links = text.match(LINK)?.length ?? 0
  if (links <= SPAM_THRESHOLDS.freeLinks) return false
  if (links > SPAM_THRESHOLDS.maxLinks) return true
  const words = text.replace(LINK, ' ').match(WORD)?.length ?? 0
  return words < links * SPAM_THRESHOLDS.wordsPerLink
}
