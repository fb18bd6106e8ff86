import type { Attribution, FieldProblems, FormDefinition } from '@landfall/contract'
import { Decoy } from '../fields/decoy.tsx'
import { ErrorSummary } from '../fields/error-summary.tsx'
import { FieldControl } from '../fields/field-control.tsx'
import { messagesFor } from '../messages/messages.ts'
import { HiddenInputs } from './hidden-inputs.tsx'

export interface PlainLeadFormProps {
  definition: FormDefinition
  /** Path of the route handler that takes it. */
  action: string
  /** Makes a second click, or a reload of the answer, the same lead. UUID of version 7. */
  submissionId: string
  values?: Readonly<Record<string, string | boolean>>
  problems?: FieldProblems
  attribution?: Attribution
}

/** The form as plain HTML: what a browser without JavaScript gets, and gets back with errors. */
export function PlainLeadForm({ definition, action, submissionId, values, problems, attribution }: PlainLeadFormProps) {
  const messages = messagesFor(definition.locale)
  return (
    <form className="lf-form" method="post" action={action} noValidate>
      <ErrorSummary
        idPrefix={definition.formId}
        definition={definition}
        problems={problems ?? {}}
        messages={messages}
      />
      <HiddenInputs version={definition.version} submissionId={submissionId} attribution={attribution} />
      {definition.fields.map((field) => {
        const value = values?.[field.name]
        const isBox = field.type === 'checkbox' || field.type === 'consent'
        return (
          <FieldControl
            key={field.name}
            idPrefix={definition.formId}
            field={field}
            problem={problems?.[field.name]}
            messages={messages}
            input={
              isBox ? { defaultChecked: value === true } : { defaultValue: typeof value === 'string' ? value : '' }
            }
          />
        )
      })}
      <Decoy messages={messages} />
      <button className="lf-submit" type="submit">
        {definition.submitLabel}
      </button>
    </form>
  )
}
