import type { EnquiryProgress, EnquiryRow } from '@landfall/local-db'

export type StepName = 'saved' | 'sent' | 'received' | 'reviewing' | 'contacted' | 'closed' | 'failed'

export interface Step {
  name: StepName
  state: 'done' | 'current' | 'todo' | 'failed'
  at: Date | null
}

/** How many of saved → sent → received are behind an enquiry. */
const DONE: Record<EnquiryProgress, number> = {
  saved: 1,
  sending: 1,
  failed: 1,
  sent: 2,
  received: 3,
  reviewing: 3,
  contacted: 3,
  closed: 3,
}

/** The way of an enquiry: what happened, with its time, and what comes next. */
export function stepsOf(row: EnquiryRow): Step[] {
  const done = DONE[row.progress]
  const state = (index: number) => (index < done ? 'done' : index === done ? 'current' : 'todo')
  const steps: Step[] = [{ name: 'saved', state: 'done', at: row.captured_at }]
  if (row.progress === 'failed') return [...steps, { name: 'failed', state: 'failed', at: null }]
  steps.push(
    { name: 'sent', state: state(1), at: row.sent_at ?? row.received_at },
    { name: 'received', state: state(2), at: row.received_at },
  )
  switch (row.progress) {
    case 'reviewing':
    case 'contacted':
      steps.push({ name: row.progress, state: 'current', at: row.status_changed_at })
      break
    case 'closed':
      steps.push({ name: 'closed', state: 'done', at: row.status_changed_at })
      break
    case 'saved':
    case 'sending':
    case 'sent':
    case 'received':
      steps.push({ name: 'reviewing', state: row.progress === 'received' ? 'current' : 'todo', at: null })
  }
  return steps
}
