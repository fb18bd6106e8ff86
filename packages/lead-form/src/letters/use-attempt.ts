'use client'

import type { Locale } from '@landfall/contract'
import { OutboxUnavailableError } from '@landfall/outbox'
import { useState } from 'react'
import { messagesFor } from '../messages/messages.ts'

export interface Attempt {
  attempt: (work: () => Promise<unknown> | undefined) => void
  /** Why nothing came of the last attempt, in words. */
  problem: string | undefined
}

/** Runs what a person asked for. A device that cannot keep it says so; without that, a button would seem to do nothing. */
export function useAttempt(locale: Locale): Attempt {
  const [problem, setProblem] = useState<string>()
  return {
    problem,
    attempt: (work) => {
      setProblem(undefined)
      void whyNot(work, locale).then(setProblem)
    },
  }
}

/** @returns undefined when it was done */
export async function whyNot(work: () => Promise<unknown> | undefined, locale: Locale): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (!(error instanceof OutboxUnavailableError)) throw error
    return messagesFor(locale).unkept[error.reason]
  }
}
