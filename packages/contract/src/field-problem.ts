/** What can be wrong with one field's value. The form translates the code; the server sends it as it is. */
export const FIELD_PROBLEMS = [
  'required',
  'consent_required',
  'not_text',
  'too_long',
  'not_an_email',
  'not_a_phone_number',
  'not_an_option',
  'unknown_field',
] as const

export type FieldProblem = (typeof FIELD_PROBLEMS)[number]

/** Field name → what is wrong with it. */
export type FieldProblems = Record<string, FieldProblem>

export function isFieldProblem(text: string): text is FieldProblem {
  return (FIELD_PROBLEMS as readonly string[]).includes(text)
}
