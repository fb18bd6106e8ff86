import { ATTRIBUTION_FIELDS, type Attribution, LIMITS, ProblemError, uuidV7 } from '@landfall/contract'
import { readBytes } from '@landfall/ingest'
import { DECOY_FIELD, HIDDEN_FIELDS } from '@landfall/lead-form/plain'
import { uuidv7 } from 'uuidv7'

/** A form that a browser posted by itself, as far as it can be read without knowing the form. */
export interface PlainPost {
  version: number
  /** Id that the page was served with; a fresh one when it has none. */
  submissionId: string
  /** Every other field as sent, in text. */
  fields: Record<string, string>
  attribution: Attribution
  decoy: string
}

/** Reads an ordinary form post of either encoding; files are not taken. */
export async function readPlainPost(request: Request): Promise<PlainPost> {
  const form = await readForm(request)
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value : ''
  }
  const { version, submissionId, attributionPrefix } = HIDDEN_FIELDS
  const given = uuidV7.safeParse(text(submissionId).toLowerCase())
  const attribution: Attribution = {}
  for (const name of ATTRIBUTION_FIELDS) {
    const value = text(attributionPrefix + name)
    if (value) attribution[name] = value
  }
  const fields: [string, string][] = []
  for (const [name, value] of form) if (typeof value === 'string' && !name.startsWith('lf_')) fields.push([name, value])
  return {
    version: Number.parseInt(text(version), 10) || 1,
    submissionId: given.success ? given.data : uuidv7(),
    // From entries, so that a field called __proto__ is a field.
    fields: Object.fromEntries(fields),
    attribution,
    decoy: text(DECOY_FIELD).slice(0, 500),
  }
}

async function readForm(request: Request): Promise<FormData | URLSearchParams> {
  const contentType = request.headers.get('content-type') ?? ''
  const bytes = await readBytes(request, { maxBytes: LIMITS.payloadBytes })
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return new URLSearchParams(new TextDecoder().decode(bytes))
  }
  if (contentType.startsWith('multipart/form-data')) {
    try {
      return await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
    } catch (cause) {
      throw new ProblemError('malformed_request', 'The form could not be read.', { cause })
    }
  }
  throw new ProblemError('wrong_content_type', 'Post the form as a form.')
}
