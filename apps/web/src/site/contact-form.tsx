import type { FormDefinition } from '@landfall/contract'
import { PlainField } from './plain-field.tsx'
import { wordsFor } from './words/index.ts'

/** The form as it works without JavaScript: an ordinary POST. */
export function ContactForm({ form }: { form: FormDefinition }) {
  const words = wordsFor(form.locale)
  return (
    <form className="lf-form" method="post" action={`/api/forms/${form.formId}`}>
      <input type="hidden" name="lf_version" value={form.version} />
      {form.fields.map((field) => (
        <PlainField key={field.name} field={field} requiredLabel={words.required} />
      ))}
      <button className="lf-submit" type="submit">
        {form.submitLabel}
      </button>
    </form>
  )
}
