import type { FieldProblems, FormDefinition } from '@landfall/contract'
import type { Messages } from '../messages/messages.ts'
import { fieldId } from './field-control.tsx'

/** Lists what is wrong above the form, each with a way to its field; announced when it appears. */
export function ErrorSummary({
  idPrefix,
  definition,
  problems,
  messages,
}: {
  idPrefix: string
  definition: FormDefinition
  problems: FieldProblems
  messages: Messages
}) {
  const wrong = definition.fields.filter((field) => Object.hasOwn(problems, field.name))
  const homeless = Object.entries(problems).filter(([name]) => !definition.fields.some((field) => field.name === name))
  if (wrong.length + homeless.length === 0) return null
  return (
    <div className="lf-summary" role="alert">
      <p>{messages.summary(wrong.length + homeless.length)}</p>
      <ul>
        {wrong.map((field) => (
          <li key={field.name}>
            <a href={`#${fieldId(idPrefix, field.name)}`}>{field.label}</a>
          </li>
        ))}
        {homeless.map(([name, problem]) => (
          <li key={name}>
            {name}: {messages.problems[problem]}
          </li>
        ))}
      </ul>
    </div>
  )
}
