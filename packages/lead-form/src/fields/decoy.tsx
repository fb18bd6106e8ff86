import type { ComponentPropsWithRef } from 'react'
import type { Messages } from '../messages/messages.ts'

/** Name of the field that only robots fill in. It says nothing about what it is. */
export const DECOY_FIELD = 'lf_website'

/** Off the screen, off the tab order and off autofill; a person never meets it. */
export function Decoy({ messages, input }: { messages: Messages; input?: Partial<ComponentPropsWithRef<'input'>> }) {
  return (
    <div className="lf-decoy" aria-hidden="true">
      <label>
        {messages.decoy}
        <input name={DECOY_FIELD} type="text" tabIndex={-1} autoComplete="off" {...input} />
      </label>
    </div>
  )
}
