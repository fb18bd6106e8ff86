import * as z from 'zod'
import { cleanText, composeText } from './clean-text.ts'
import { type FieldProblem, type FieldProblems, isFieldProblem } from './field-problem.ts'
import type { FormDefinition, FormField } from './form-definition.ts'
import { LIMITS } from './limits.ts'

/** Values of a lead by field name. Text is trimmed and in Unicode NFC; a field left empty is absent. */
export type LeadValues = Record<string, string | boolean>

/** As typed in a form: every field present, empty text as `''`. */
export type LeadFormValues = Record<string, string | boolean>

const say = (problem: FieldProblem) => ({ error: problem })

/**
 * The one schema of a form's values, used by the form in the browser and again by the server.
 *
 * Messages of its issues are the codes of `FIELD_PROBLEMS`. Unknown fields are refused, not dropped: silently losing
 * what somebody typed is worse than saying so.
 */
export function leadValuesSchema(definition: Pick<FormDefinition, 'fields'>) {
  const shape: Record<string, z.ZodType<string | boolean | undefined>> = {}
  for (const field of definition.fields) shape[field.name] = fieldSchema(field)
  return z
    .strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? 'unknown_field' : undefined) })
    .transform((values): LeadValues => {
      const present = Object.entries(values).filter(([, value]) => value !== undefined)
      return Object.fromEntries(present) as LeadValues
    })
}

export type ValuesResult = { success: true; values: LeadValues } | { success: false; problems: FieldProblems }

/** Checks what came from a form or over the wire; never throws. */
export function checkLeadValues(definition: Pick<FormDefinition, 'fields'>, input: unknown): ValuesResult {
  const result = knownSchema(definition).safeParse(input)
  if (result.success) return { success: true, values: result.data }
  const problems: FieldProblems = {}
  for (const issue of result.error.issues) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0] ?? '')]
    for (const name of names) {
      if (!Object.hasOwn(problems, name)) problems[name] = isFieldProblem(issue.message) ? issue.message : 'not_text'
    }
  }
  return { success: false, problems }
}

// Making a schema costs a hundred times what using it does, and a published version never changes.
const schemasByFields = new WeakMap<readonly FormField[], ReturnType<typeof leadValuesSchema>>()

function knownSchema({ fields }: Pick<FormDefinition, 'fields'>) {
  const known = schemasByFields.get(fields)
  if (known) return known
  const made = leadValuesSchema({ fields })
  schemasByFields.set(fields, made)
  return made
}

function fieldSchema(field: FormField): z.ZodType<string | boolean | undefined> {
  switch (field.type) {
    case 'text':
      return textSchema(field, field.maxLength ?? LIMITS.textLength)
    case 'textarea':
      return textSchema(field, field.maxLength ?? LIMITS.textareaLength)
    case 'email':
      return textSchema(field, field.maxLength ?? 254, isEmail, 'not_an_email')
    case 'phone':
      return textSchema(field, field.maxLength ?? 40, isPhoneNumber, 'not_a_phone_number')
    case 'select': {
      const values = new Set(field.options.map((option) => option.value))
      return textSchema(field, LIMITS.textLength, (value) => values.has(value), 'not_an_option')
    }
    case 'checkbox':
      return tickSchema(field.required, 'required')
    case 'consent':
      return tickSchema(field.required, 'consent_required')
  }
}

/** A box left empty is absent, like any other field. */
function tickSchema(isRequired: boolean, problem: FieldProblem) {
  return z
    .boolean(say('not_text'))
    .optional()
    .transform((value) => value || undefined)
    .refine((value) => value === true || !isRequired, say(problem))
}

function textSchema(
  field: FormField,
  maxLength: number,
  isValid: (value: string) => boolean = () => true,
  problem: FieldProblem = 'not_text',
) {
  return z
    .string(say('not_text'))
    .optional()
    .transform((value) => composeText(cleanText(value ?? '')).trim() || undefined)
    .refine((value) => value !== undefined || !field.required, say('required'))
    .refine((value) => value === undefined || [...value].length <= maxLength, say('too_long'))
    .refine((value) => value === undefined || isValid(value), say(problem))
}

// As permissive as mail itself: one @, something before it, a dotted or single-label domain after it. Whether the
// address exists only a mail can tell, and a lead must not be lost to a clever pattern.
const isEmail = (value: string) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*$/u.test(value)

/** Digits of any script with the usual separators; 5–20 digits (ITU-T E.164 allows 15, and some add an extension). */
function isPhoneNumber(value: string): boolean {
  // The spaces before `ext` belong to the first part only: in both, they could be shared out in as many ways as there
  // are spaces, and a long value would hold up everybody else.
  if (!/^[+\p{Nd}\s().\-–/]+(?:(?:ext|x)\.?\s*\p{Nd}+)?$/iu.test(value)) return false
  const digits = value.match(/\p{Nd}/gu)?.length ?? 0
  return digits >= 5 && digits <= 20
}
