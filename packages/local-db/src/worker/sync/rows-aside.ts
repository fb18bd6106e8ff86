import type { ShapeMessage, ShapePlace } from './shape-messages.ts'

/**
 * Keeps the rows of answers from Electric's client. The client decides what to ask next, for which it needs the headers
 * and whether the end was reached; reading rows takes it ten times as long as reading JSON does, and would make values of
 * JavaScript of them, some of which come out as others: an infinite time, a number beyond 2^53.
 */
export class RowsAside {
  /** Text of answers that the client has fetched ahead and not come to yet. */
  readonly #answers = new Map<string, string>()

  /** The answer without its rows. They are left for `takeRows`. */
  async setRowsAside(response: Response): Promise<Response> {
    const { status, headers } = response
    if (status !== 200) return response
    const place = placeOf(headers.get('electric-handle'), headers.get('electric-offset'))
    this.#answers.set(place, await response.text())
    const control = headers.has('electric-up-to-date') ? 'up-to-date' : 'rows'
    return new Response(JSON.stringify([{ headers: { control } }]), { status, headers })
  }

  /** The messages of the answer that led to a place. */
  takeRows({ handle, offset }: ShapePlace): ShapeMessage[] {
    const place = placeOf(handle, offset)
    const text = this.#answers.get(place) ?? '[]'
    this.#answers.delete(place)
    const messages: ShapeMessage[] = JSON.parse(text)
    return messages
  }
}

function placeOf(handle: string | null, offset: string | null): string {
  return `${handle} ${offset}`
}
