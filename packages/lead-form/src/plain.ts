// What a server needs to take and answer a plain post: no state, no browser.
export { DECOY_FIELD } from './fields/decoy.tsx'
export { HIDDEN_FIELDS } from './form/hidden-fields.ts'
export { PlainLeadForm, type PlainLeadFormProps } from './form/plain-lead-form.tsx'
export { type Messages, messagesFor } from './messages/messages.ts'
