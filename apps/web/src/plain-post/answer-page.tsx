import {
  type Attribution,
  directionOf,
  type FieldProblems,
  type FormDefinition,
  type LeadFormValues,
} from '@landfall/contract'
import { PlainLeadForm } from '@landfall/lead-form/plain'
import { SiteFooter } from '../site/sections/site-footer.tsx'
import { SiteHeader } from '../site/sections/site-header.tsx'
import type { Site } from '../site/site.ts'
import { themeAttributes } from '../site/theme/theme-attributes.ts'
import { plainPostWords } from './words.ts'

export interface AnswerPageProps {
  site: Site
  definition: FormDefinition
  submissionId: string
  values: LeadFormValues
  attribution: Attribution
  problems: FieldProblems
  /** Why it was not taken, when it is not the fields. */
  trouble?: 'busy' | 'failed' | undefined
}

/** What a plain post gets back when it was not stored: the form with everything typed, and what to do. */
export function AnswerPage({
  site,
  definition,
  submissionId,
  values,
  attribution,
  problems,
  trouble,
}: AnswerPageProps) {
  const words = plainPostWords[definition.locale]
  return (
    <html lang={definition.locale} dir={directionOf(definition.locale)} {...themeAttributes(site.content.theme)}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${words.title} · ${site.content.business.name}`}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/answer-page.css" />
      </head>
      <body className="site">
        <SiteHeader site={site} />
        <main className="site-main">
          <div className="plain-page">
            <h1>{words.title}</h1>
            {trouble ? (
              <div className="ui-notice" data-tone="warning" role="alert">
                <p>{words[trouble]}</p>
              </div>
            ) : (
              <p className="plain-page-intro">{words.intro}</p>
            )}
            <div className="contact-form">
              <PlainLeadForm
                definition={definition}
                action={`/api/forms/${definition.formId}`}
                submissionId={submissionId}
                values={values}
                attribution={attribution}
                problems={problems}
              />
            </div>
          </div>
        </main>
        <SiteFooter site={site} />
      </body>
    </html>
  )
}
