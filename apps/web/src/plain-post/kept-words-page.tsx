import { ATTRIBUTION_FIELDS, type Locale } from '@landfall/contract'
import { DECOY_FIELD, HIDDEN_FIELDS } from '@landfall/lead-form/plain'
import { NeutralDocument } from './neutral-document.tsx'
import type { PlainPost } from './read-plain-post.ts'
import { keptWords } from './words.ts'

export interface KeptWordsPageProps {
  locale: Locale
  formId: string
  post: PlainPost
  reason: 'missing' | 'failed'
}

/** What a post gets back whose form could not be found or read: everything typed, to send again or to copy. */
export function KeptWordsPage({ locale, formId, post, reason }: KeptWordsPageProps) {
  const words = keptWords[locale]
  const typed = Object.entries(post.fields)
  return (
    <NeutralDocument locale={locale} title={words.title}>
      <div className="ui-notice" data-tone="warning" role="alert">
        <p>{words[reason]}</p>
      </div>
      <div className="contact-form">
        <form className="lf-form" method="post" action={`/api/forms/${encodeURIComponent(formId)}`}>
          {hiddenFields(post).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          {typed.map(([name, value]) =>
            value === '' ? (
              <input key={name} type="hidden" name={name} value="" />
            ) : (
              <div key={name} className="lf-field">
                <label className="lf-label" htmlFor={`kept-${name}`}>
                  {name}
                </label>
                <textarea
                  className="lf-input"
                  id={`kept-${name}`}
                  name={name}
                  dir="auto"
                  rows={value.length > 80 || value.includes('\n') ? 6 : 1}
                  defaultValue={value}
                  readOnly
                />
              </div>
            ),
          )}
          <button className="lf-submit" type="submit">
            {words.sendAgain}
          </button>
        </form>
      </div>
    </NeutralDocument>
  )
}

/** The form's own fields as they came. */
function hiddenFields({ version, submissionId, attribution, decoy }: PlainPost): [string, string][] {
  const fields: [string, string][] = [
    [HIDDEN_FIELDS.version, String(version)],
    [HIDDEN_FIELDS.submissionId, submissionId],
  ]
  for (const name of ATTRIBUTION_FIELDS) {
    const value = attribution[name]
    if (value) fields.push([HIDDEN_FIELDS.attributionPrefix + name, value])
  }
  if (decoy) fields.push([DECOY_FIELD, decoy])
  return fields
}
