import { formDefinition } from '@landfall/contract'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { LeadForm } from './lead-form.tsx'
import { PlainLeadForm } from './plain-lead-form.tsx'

const definition = formDefinition.parse({
  formId: 'f_roofing01',
  version: 3,
  locale: 'en',
  title: 'Ask for a quote',
  submitLabel: 'Send it',
  thanks: 'Thank you.',
  fields: [
    { type: 'text', name: 'name', label: 'Name', required: true, help: 'First and last' },
    { type: 'select', name: 'topic', label: 'Topic', options: [{ value: 'leak', label: 'A leak' }] },
    { type: 'consent', name: 'privacy', label: 'Privacy', required: true, text: 'You may answer me.' },
  ],
})
const submissionId = '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a'

test('the form is complete HTML before any script runs, and posts by itself', () => {
  const html = renderToStaticMarkup(
    <LeadForm form={definition} action="/api/forms/f_roofing01" submissionId={submissionId} />,
  )
  expect(html).toContain('method="post"')
  expect(html).toContain('action="/api/forms/f_roofing01"')
  expect(html).toContain(submissionId)
  for (const name of ['name', 'topic', 'privacy']) expect(html).toContain(`name="${name}"`)
  expect(html).not.toContain('novalidate')
})

test('an answer brings back what was typed, and says what is wrong at the field', () => {
  const html = renderToStaticMarkup(
    <PlainLeadForm
      definition={definition}
      action="/api/forms/f_roofing01"
      submissionId={submissionId}
      values={{ name: '<b>Ada</b>', topic: 'leak', privacy: true }}
      problems={{ name: 'too_long' }}
    />,
  )
  expect(html).toContain('value="&lt;b&gt;Ada&lt;/b&gt;"')
  expect(html).toContain('selected=""')
  expect(html).toContain('checked=""')
  expect(html).toMatch(/aria-describedby="f_roofing01-name-help f_roofing01-name-error"/)
  expect(html).toContain('href="#f_roofing01-name"')
})
