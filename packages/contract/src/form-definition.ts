import * as z from 'zod'
import { formId } from './ids.ts'
import { LIMITS } from './limits.ts'
import { locale } from './locale.ts'

/** Name of a field: the key of its value in a lead. `lf_` is kept for the form's own hidden fields. */
export const fieldName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .refine((name) => !name.startsWith('lf_'), 'lf_ is reserved')

const text = z.string().trim().min(1).max(300)

const common = {
  name: fieldName,
  label: text,
  help: text.optional(),
  required: z.boolean().default(false),
}

const typed = {
  ...common,
  placeholder: text.optional(),
  /** Token of the HTML `autocomplete` attribute. */
  autocomplete: z.string().max(60).optional(),
  maxLength: z.int().min(1).max(LIMITS.textareaLength).optional(),
}

export const formField = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), ...typed }),
  z.object({ type: z.literal('email'), ...typed }),
  z.object({ type: z.literal('phone'), ...typed }),
  z.object({ type: z.literal('textarea'), ...typed }),
  z.object({
    type: z.literal('select'),
    ...common,
    placeholder: text.optional(),
    options: z
      .array(z.object({ value: z.string().min(1).max(LIMITS.textLength), label: text }))
      .min(1)
      .max(LIMITS.optionsPerField),
  }),
  z.object({ type: z.literal('checkbox'), ...common }),
  /** Agreement to a text. The version and the text agreed to are kept with the lead. */
  z.object({ type: z.literal('consent'), ...common, text: z.string().trim().min(1).max(2_000) }),
])

/** One published version of a form. A published version never changes; a change makes the next version. */
export const formDefinition = z.object({
  formId,
  version: z.int().min(1),
  locale,
  title: text,
  submitLabel: text,
  /** What the page says once the lead is safe. */
  thanks: z.string().trim().min(1).max(600),
  fields: z
    .array(formField)
    .min(1)
    .max(LIMITS.fieldsPerForm)
    .refine((fields) => new Set(fields.map((field) => field.name)).size === fields.length, 'field names must differ'),
})

export type FormField = z.output<typeof formField>
export type FormDefinition = z.output<typeof formDefinition>
export type FormDefinitionInput = z.input<typeof formDefinition>
