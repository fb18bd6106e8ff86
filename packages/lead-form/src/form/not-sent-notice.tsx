import type { Messages } from '../messages/messages.ts'
import type { NotSent } from './send-lead.ts'

/** Nothing was saved and nothing was sent, and it says so: what happened, what is kept, what to do. */
export function NotSentNotice({ unkept, failure, messages }: NotSent & { messages: Messages }) {
  const { notSent, unkept: reasons } = messages
  return (
    <div className="lf-notice" data-tone="danger" role="alert" data-failure={failure}>
      <h3 className="lf-notice-title">{notSent.title}</h3>
      <p>
        {notSent[failure]} {notSent.kept}
      </p>
      {unkept ? (
        <p>
          {reasons[unkept]} {notSent.stay}
        </p>
      ) : null}
    </div>
  )
}
