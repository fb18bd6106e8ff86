import { checkLeadValues, type FieldProblem, type FormDefinition, type LeadFormValues } from '@landfall/contract'
import type { FieldErrors, Resolver } from 'react-hook-form'
import { DECOY_FIELD } from '../fields/decoy.tsx'

/** The contract's schema is the only judge; the form library gets its codes as messages. */
export function resolverFor(definition: FormDefinition): Resolver<LeadFormValues> {
  return (values) => {
    const checked = checkLeadValues(definition, withoutDecoy(values))
    if (checked.success) return { values, errors: {} }
    const errors: FieldErrors<LeadFormValues> = {}
    for (const [name, problem] of Object.entries(checked.problems))
      errors[name] = { type: 'contract', message: problem }
    return { values: {}, errors }
  }
}

/** The library's messages as the codes that they are. */
export function problemsOf(errors: FieldErrors<LeadFormValues>): Record<string, FieldProblem> {
  return Object.fromEntries(
    Object.entries(errors).map(([name, error]) => [name, String(error?.message) as FieldProblem]),
  )
}

export function withoutDecoy(values: LeadFormValues): LeadFormValues {
  const { [DECOY_FIELD]: _decoy, ...rest } = values
  return rest
}
