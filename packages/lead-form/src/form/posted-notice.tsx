'use client'

import type { FormDefinition } from '@landfall/contract'
import { useEffect, useRef } from 'react'
import { messagesFor } from '../messages/messages.ts'

/** Takes the place of the form once the server has the lead and this device keeps nothing of it. */
export function PostedNotice({ definition, onAnother }: { definition: FormDefinition; onAnother: () => void }) {
  const messages = messagesFor(definition.locale)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="lf-notice" data-tone="success" data-state="posted">
      <div role="status">
        <h3 className="lf-notice-title" ref={heading} tabIndex={-1}>
          {messages.sent.title}
        </h3>
        <p>{definition.thanks}</p>
        <p>{messages.sent.notListed}</p>
      </div>
      <p className="lf-notice-actions">
        <button className="ui-button" data-variant="secondary" type="button" onClick={onAnother}>
          {messages.another}
        </button>
      </p>
    </div>
  )
}
