'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'
import { emit, type LeadFormEventName, type LeadFormHandlers } from './form-events.ts'

export type Tell = (
  name: LeadFormEventName,
  detail?: { submissionId?: string; status?: string; error?: string },
) => void

/** A stable function that reaches the handlers of the latest render. */
export function useTell(element: RefObject<HTMLFormElement | null>, formId: string, handlers: LeadFormHandlers): Tell {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  const [tell] = useState(
    (): Tell =>
      (name, detail = {}) =>
        emit(element.current ?? document.body, latest.current, name, { formId, ...detail }),
  )
  return tell
}
