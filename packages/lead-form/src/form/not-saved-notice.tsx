import type { OutboxUnavailableError } from '@landfall/outbox'
import type { Messages } from '../messages/messages.ts'

/** Nothing was saved, and it says so: what happened, what is kept, what to do. */
export function NotSavedNotice({ reason, messages }: { reason: OutboxUnavailableError['reason']; messages: Messages }) {
  return (
    <div className="lf-notice" data-tone="danger" role="alert">
      <h3 className="lf-notice-title">{messages.notSaved.title}</h3>
      <p>
        {messages.notSaved[reason]} {messages.notSaved.offline} {messages.notSaved.kept}
      </p>
    </div>
  )
}
