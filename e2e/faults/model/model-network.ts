import { Actor } from './actor.ts'
import type { LedgerServer, ServerAnswer } from './ledger-server.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Weather } from './weather.ts'

/** Somebody without whom requests go on, as they do when their tab is gone. */
const nobody = new Actor('the network', 'person')

/** Carries requests of the model's actors to its server, as the weather lets it. */
export class ModelNetwork {
  readonly #time: VirtualTime
  readonly #server: LedgerServer
  #weathers: readonly Weather[] = []
  #next = 0

  constructor(time: VirtualTime, server: LedgerServer) {
    this.#time = time
    this.#server = server
  }

  get isOnline(): boolean {
    return this.#weathers.length === 0 || this.#weathers.some((weather) => weather.kind !== 'offline')
  }

  /** From now on these, one a request, over and over; none is fine weather. */
  change(weathers: readonly Weather[]): void {
    this.#weathers = weathers
    this.#next = 0
  }

  fetch = (_input: unknown, init: RequestInit = {}): Promise<Response> => {
    const actor = Actor.current()
    const weather = this.#weathers[this.#next % this.#weathers.length] ?? { kind: 'fine', latencyMs: 20 }
    this.#next += 1
    const body = textOf(init.body)
    const authorization = new Headers(init.headers).get('authorization')
    const send = (putsOff: (index: number) => number | undefined = () => undefined) =>
      this.#server.receive(body, authorization, putsOff)

    return new Promise<Response>((resolve, reject) => {
      const isHeard = () => actor?.isAlive !== false
      const answer = (answered: ServerAnswer, text = JSON.stringify(answered.body), headers = {}) =>
        isHeard() && resolve(new Response(text, { status: answered.status, headers }))
      const fail = () => isHeard() && reject(new TypeError('Failed to fetch'))
      init.signal?.addEventListener('abort', () => isHeard() && reject(init.signal?.reason))
      const after = (delayMs: number, work: () => void) =>
        void nobody.run(() => this.#time.setTimer(nobody, () => (actor ?? nobody).run(work), delayMs))

      switch (weather.kind) {
        case 'fine':
          return after(weather.latencyMs / 2, () => {
            const answered = send()
            after(weather.latencyMs / 2, () => answer(answered))
          })
        case 'offline':
          return after(1, fail)
        case 'request-lost':
          return after(weather.latencyMs, fail)
        case 'answer-lost':
          return after(weather.latencyMs / 2, () => {
            send()
            after(weather.latencyMs / 2, fail)
          })
        case 'answer-hangs':
          return after(10, () => void send())
        case 'arrives-late':
          after(weather.lateMs, () => void send())
          return after(1, fail)
        case 'truncated':
          return after(weather.latencyMs, () => {
            const text = JSON.stringify(send().body)
            answer({ status: 200, body: null }, text.slice(0, Math.floor(text.length / 2)))
          })
        case 'answered-elsewhere':
          return after(5, () => answer({ status: 200, body: null }, weather.body, { 'content-type': 'text/html' }))
        case 'redirected':
          return after(5, fail)
        case 'status': {
          const headers = weather.retryAfter === null ? {} : { 'retry-after': weather.retryAfter }
          return after(5, () =>
            answer({ status: weather.status, body: { title: 'A fault of the run' } }, undefined, headers),
          )
        }
        case 'puts-off':
          return after(10, () =>
            answer(send((index) => (index % weather.every === 0 ? weather.retryAfterMs : undefined))),
          )
      }
    })
  }
}

function textOf(body: RequestInit['body']): string {
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return new TextDecoder().decode(body)
  throw new Error('the model reads bodies of text or bytes')
}
