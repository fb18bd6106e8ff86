import type { Locale } from '@landfall/contract'
import type { StepName } from './steps.ts'
import { ar } from './words/ar.ts'
import { en } from './words/en.ts'

type OfBusiness = (business: string) => string

/** What the list of enquiries says. */
export interface EnquiryWords {
  /** A step that has been reached. */
  steps: Record<StepName, OfBusiness>
  /** A step that is still to come. */
  upcoming: Partial<Record<StepName, OfBusiness>>
  sending: string
  discard: string
  discardQuestion: string
  empty: { title: string; text: string; action: string }
  loading: string
  /** What a visitor may do while nobody has read it. */
  change: string
  changePending: string
  changed: string
  withdraw: string
  withdrawQuestion: OfBusiness
  /** A change (`update`) or a withdrawal (`delete`) that the server did not take. */
  refused: Record<'update' | 'delete', string>
  tooLate: Record<'update' | 'delete', string>
  tooLateText: OfBusiness
  withdrawnBefore: string
  understood: string
  sendAgain: string
  letters: { title: string; text: string }
}

export const enquiryWords: Record<Locale, EnquiryWords> = { en, ar }
