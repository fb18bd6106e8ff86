import type { FormField } from '@landfall/contract'

const INPUT_TYPE = { text: 'text', email: 'email', phone: 'tel' } as const

/** One field of the definition as plain markup. */
export function PlainField({ field, requiredLabel }: { field: FormField; requiredLabel: string }) {
  const id = `field-${field.name}`
  const helpId = field.help ? `${id}-help` : undefined
  const help = field.help ? (
    <p className="lf-help" id={helpId}>
      {field.help}
    </p>
  ) : null

  if (field.type === 'checkbox' || field.type === 'consent') {
    return (
      <div className="lf-field">
        <label className="lf-check">
          <input type="checkbox" name={field.name} value="true" required={field.required} aria-describedby={helpId} />
          {field.type === 'consent' ? (
            <span className="lf-consent-text">{field.text}</span>
          ) : (
            <span>{field.label}</span>
          )}
        </label>
        {help}
      </div>
    )
  }

  const common = { id, name: field.name, required: field.required, 'aria-describedby': helpId, className: 'lf-input' }
  return (
    <div className="lf-field">
      <label className="lf-label" htmlFor={id}>
        {field.label}
        {field.required ? <span className="lf-required">{requiredLabel}</span> : null}
      </label>
      {help}
      {field.type === 'select' ? (
        <select {...common} defaultValue="">
          <option value="">{field.placeholder ?? '–'}</option>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : field.type === 'textarea' ? (
        <textarea {...common} rows={4} maxLength={field.maxLength} placeholder={field.placeholder} />
      ) : (
        <input
          {...common}
          type={INPUT_TYPE[field.type]}
          maxLength={field.maxLength}
          placeholder={field.placeholder}
          autoComplete={field.autocomplete}
        />
      )}
    </div>
  )
}
