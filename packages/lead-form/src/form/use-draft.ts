'use client'

import type { LeadFormValues } from '@landfall/contract'
import type { Outbox } from '@landfall/outbox'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { UseFormReturn } from 'react-hook-form'
import { isEmpty } from './empty-values.ts'
import { keepDraft } from './keep-draft.ts'
import { LatestOnly } from './latest-only.ts'

/**
 * Keeps what is typed on the device, and brings it back into a form that is still empty. A device that keeps nothing
 * costs nothing but the draft; `keepsNothing` tells so, for whoever promises that something is kept.
 */
export function useDraft(
  form: UseFormReturn<LeadFormValues>,
  formId: string,
  outbox: Outbox | undefined,
  isCorrecting: boolean,
) {
  const [isRestored, setIsRestored] = useState(false)
  const [keepsNothing, setKeepsNothing] = useState(false)
  // A draft that is being saved must not come back after it was forgotten.
  const [writes] = useState(() => new LatestOnly())
  const latest = useRef({ isCorrecting })
  useEffect(() => {
    latest.current = { isCorrecting }
  })

  useEffect(() => {
    if (!outbox) return
    let isCurrent = true
    setKeepsNothing(false)
    outbox.readDraft(formId).then(
      (draft) => {
        if (!isCurrent || !draft || isEmpty(draft as LeadFormValues) || !isEmpty(form.getValues())) return
        // The form may have lost a field since: what has no place any more must not stand in the way unseen.
        const known = Object.entries(form.getValues()).filter(([name]) => Object.hasOwn(draft, name))
        for (const [name] of known) form.setValue(name, draft[name] as string | boolean)
        setIsRestored(known.length > 0)
      },
      () => {
        if (isCurrent) setKeepsNothing(true)
      },
    )
    // At every key: a page that goes has no time left to seal what it held back.
    const unsubscribe = form.subscribe({
      formState: { values: true },
      callback: () => void writes.run(() => keepDraft(outbox, formId, form.getValues(), latest.current)),
    })
    return () => {
      isCurrent = false
      unsubscribe()
    }
  }, [form, formId, outbox, writes])

  const forget = useCallback(async () => {
    setIsRestored(false)
    await writes.run(async () => outbox?.deleteDraft(formId))
  }, [formId, outbox, writes])

  return { isRestored, keepsNothing, forget }
}
