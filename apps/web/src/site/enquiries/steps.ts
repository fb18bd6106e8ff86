import type { EnquiryProgress, EnquiryRow } from '@landfall/local-db'

export type StepName =
  | 'saved'
  | 'sent'
  | 'received'
  | 'reviewing'
  | 'contacted'
  | 'closed'
  | 'failed'
  | 'withdrawing'
  | 'withdrawn'

export interface Step {
  name: StepName
  state: 'done' | 'current' | 'todo' | 'failed'
  at: Date | null
}

/** How many of saved → sent → received are behind an enquiry. */
const DONE: Record<Exclude<EnquiryProgress, 'withdrawing' | 'withdrawn'>, number> = {
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
  if (row.progress === 'withdrawing' || row.progress === 'withdrawn') return stepsOfWithdrawal(row, row.progress)
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

/** What had happened until the visitor took it back; what would have come next does not come any more. */
function stepsOfWithdrawal(row: EnquiryRow, progress: 'withdrawing' | 'withdrawn'): Step[] {
  const isDone = progress === 'withdrawn'
  const sentAt = row.sent_at ?? row.received_at
  return [
    { name: 'saved', state: 'done', at: row.captured_at },
    ...(sentAt ? [{ name: 'sent', state: 'done', at: sentAt } as const] : []),
    ...(row.received_at ? [{ name: 'received', state: 'done', at: row.received_at } as const] : []),
    { name: progress, state: isDone ? 'done' : 'current', at: isDone ? row.status_changed_at : null },
  ]
}
