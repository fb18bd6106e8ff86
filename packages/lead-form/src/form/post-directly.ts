import type { Attribution } from '@landfall/contract'
import { HIDDEN_FIELDS } from './hidden-fields.ts'

/** Why a direct post did not arrive, as far as the page can tell. */
export type DirectPostFailure = 'unreachable' | 'busy' | 'failed'

export type DirectPostResult =
  | { kind: 'stored' }
  /** The server has something to say to the person: its own answer page says it. */
  | { kind: 'refused' }
  | { kind: 'not-sent'; failure: DirectPostFailure }

const ANSWERED_WITHIN_MS = 30_000

export interface DirectPost {
  form: HTMLFormElement
  /** Absolute. A form with a field of that name does not tell it. */
  action: string
  attribution: Attribution
  fetch?: typeof fetch
}

/**
 * Posts the form as the browser would, past the outbox, for a device that keeps nothing; and stays on the page, so that a
 * failure costs no letter of what was typed. Posting again is harmless: the form carries its submission id.
 */
export async function postDirectly({
  form,
  action,
  attribution,
  fetch: send = fetch,
}: DirectPost): Promise<DirectPostResult> {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
  for (const [name, value] of Object.entries(attribution)) body.set(HIDDEN_FIELDS.attributionPrefix + name, value)
  let response: Response
  try {
    response = await send(action, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
    })
  } catch {
    return { kind: 'not-sent', failure: 'unreachable' }
  }
  return readAnswer(response, action)
}

/** Only a redirect to a page of our own is thanks: a captive portal answers 200, or leads elsewhere. */
function readAnswer({ ok, redirected, url, status }: Response, action: string): DirectPostResult {
  if (ok && redirected && new URL(url).origin === new URL(action).origin) return { kind: 'stored' }
  if (status === 429) return { kind: 'not-sent', failure: 'busy' }
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 425
  return isRefusal ? { kind: 'refused' } : { kind: 'not-sent', failure: 'failed' }
}
