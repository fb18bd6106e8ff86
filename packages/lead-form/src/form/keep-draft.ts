import type { LeadFormValues } from '@landfall/contract'
import type { Outbox } from '@landfall/outbox'
import { isEmpty } from './empty-values.ts'

/**
 * Keeps what stands in a form. An empty one leaves nothing behind, not even a record that would keep the key alive. A
 * letter that is being corrected is kept as a letter already.
 */
export async function keepDraft(
  outbox: Pick<Outbox, 'saveDraft' | 'deleteDraft'>,
  formId: string,
  values: LeadFormValues,
  { isCorrecting }: { isCorrecting: boolean },
): Promise<void> {
  if (isCorrecting) return
  await (isEmpty(values) ? outbox.deleteDraft(formId) : outbox.saveDraft(formId, values))
}
