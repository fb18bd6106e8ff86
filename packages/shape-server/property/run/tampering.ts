import type { Message } from './row-book.ts'

/** Ways to spoil a log that a server must never have; the judge is tried with each of them. */
export const TAMPERINGS = ['drop', 'double', 'swap', 'other-value', 'early-last', 'wrong-key', 'old-position'] as const
export type Tampering = (typeof TAMPERINGS)[number]

/** Answers of the server with a flaw in every so many changes. */
export function tamperingFetch(underlying: typeof fetch, tampering: Tampering, every: number): typeof fetch {
  let count = 0
  const isDue = () => {
    count += 1
    return count % every === 0
  }
  return async (input, init) => {
    const response = await underlying(input, init)
    const isLog = response.status === 200 && response.headers.get('content-type')?.startsWith('application/json')
    if (!isLog) return response
    const messages: unknown = JSON.parse(await response.text())
    const body = JSON.stringify(Array.isArray(messages) ? tamper(messages, tampering, isDue) : messages)
    return new Response(body, { status: 200, headers: response.headers })
  }
}

function tamper(messages: Message[], tampering: Tampering, isDue: () => boolean): Message[] {
  const spoilt: Message[] = []
  for (const message of messages) {
    const isChange = 'key' in message && 'lsn' in message.headers
    if (isChange && isDue()) spoil(spoilt, message, tampering)
    else spoilt.push(message)
  }
  return spoilt
}

function spoil(before: Message[], message: Message, tampering: Tampering): void {
  if (!('key' in message)) return
  switch (tampering) {
    case 'drop':
      return
    case 'double':
      before.push(message, message)
      return
    case 'swap':
      before.splice(Math.max(0, before.length - 1), 0, message)
      return
    case 'other-value': {
      const entries = Object.entries(message.value).map(([name, cell]) => [
        name,
        typeof cell === 'string' ? `${cell}0` : cell,
      ])
      before.push({ ...message, value: Object.fromEntries(entries) })
      return
    }
    case 'early-last':
      before.push({ ...message, headers: { ...message.headers, last: message.headers.last !== true } })
      return
    case 'wrong-key':
      before.push({ ...message, key: `${message.key}0` })
      return
    case 'old-position':
      before.push({ ...message, headers: { ...message.headers, lsn: '1' } })
      return
  }
}
