/**
 * How a device's subscription to a shape stands.
 *
 *                    ┌────────────── disturbed ──────────────┐
 *   connecting ──► up-to-date ◄──────────────────────► reconnecting     what passes by itself: network, 5xx, 429, silence
 *        │             │                                     │
 *        └─────────────┴──► failed        refused several times in a row; still tried, ever more seldom
 *        └─────────────┴──► offline       the device says so; came-online ► reconnecting
 *        └─────────────┴──► unauthorized  waits for a person, or for other credentials: started ► connecting
 */
export type SubscriptionStatus = 'connecting' | 'up-to-date' | 'reconnecting' | 'offline' | 'unauthorized' | 'failed'

export type SubscriptionEvent =
  /** Begun, or begun anew: a page asks for it, or brings other credentials. */
  | { type: 'started' }
  /** The end of the log was reached, and its rows are stored. */
  | { type: 'caught-up'; atMs: number }
  /** No answer, or none of the protocol. It passes by itself. */
  | { type: 'disturbed'; problem: string }
  /** The server does not take the request, or the device does not take the rows. */
  | { type: 'refused'; problem: string }
  | { type: 'unauthorized'; problem: string }
  | { type: 'went-offline' }
  | { type: 'came-online' }

export interface SubscriptionState {
  status: SubscriptionStatus
  /** Tries in a row that came to nothing: the backoff follows them. */
  failures: number
  /** Refusals among them: after some, a person is told. */
  refusals: number
  /** When the device last had everything, in milliseconds since 1970; null when it never had since it was opened. */
  syncedAtMs: number | null
  /** The last thing that went wrong. For a log, not for a person. */
  problem: string | null
}

export const INITIAL_SUBSCRIPTION: SubscriptionState = {
  status: 'connecting',
  failures: 0,
  refusals: 0,
  syncedAtMs: null,
  problem: null,
}

/** Refusals in a row after which a person is told; until then the subscription is merely reconnecting. */
const REFUSALS_UNTIL_TOLD = 3

type EventType = SubscriptionEvent['type']

/** Total: what every event makes of every status. */
export const NEXT_STATUS: Record<SubscriptionStatus, Record<EventType, SubscriptionStatus>> = {
  connecting: {
    started: 'connecting',
    'caught-up': 'up-to-date',
    disturbed: 'reconnecting',
    refused: 'reconnecting',
    unauthorized: 'unauthorized',
    'went-offline': 'offline',
    'came-online': 'connecting',
  },
  'up-to-date': {
    started: 'connecting',
    'caught-up': 'up-to-date',
    disturbed: 'reconnecting',
    refused: 'reconnecting',
    unauthorized: 'unauthorized',
    'went-offline': 'offline',
    'came-online': 'up-to-date',
  },
  reconnecting: {
    started: 'connecting',
    'caught-up': 'up-to-date',
    disturbed: 'reconnecting',
    refused: 'reconnecting',
    unauthorized: 'unauthorized',
    'went-offline': 'offline',
    'came-online': 'reconnecting',
  },
  // A device may be wrong about its network: an answer is an answer.
  offline: {
    started: 'offline',
    'caught-up': 'up-to-date',
    disturbed: 'offline',
    refused: 'reconnecting',
    unauthorized: 'unauthorized',
    'went-offline': 'offline',
    'came-online': 'reconnecting',
  },
  // Nothing is asked here, so what still arrives is late. Only a start leads out.
  unauthorized: {
    started: 'connecting',
    'caught-up': 'unauthorized',
    disturbed: 'unauthorized',
    refused: 'unauthorized',
    unauthorized: 'unauthorized',
    'went-offline': 'unauthorized',
    'came-online': 'unauthorized',
  },
  failed: {
    started: 'connecting',
    'caught-up': 'up-to-date',
    disturbed: 'failed',
    refused: 'failed',
    unauthorized: 'unauthorized',
    'went-offline': 'offline',
    'came-online': 'failed',
  },
}

/** The next state; pure. An event that changes nothing gives back the same object. */
export function nextState(state: SubscriptionState, event: SubscriptionEvent): SubscriptionState {
  const status = NEXT_STATUS[state.status][event.type]
  switch (event.type) {
    case 'started':
      return { ...state, status, failures: 0, refusals: 0, problem: null }
    case 'caught-up':
      if (status !== 'up-to-date') return state
      return { status, failures: 0, refusals: 0, problem: null, syncedAtMs: event.atMs }
    case 'disturbed':
      return { ...state, status, failures: state.failures + 1, problem: event.problem }
    case 'refused': {
      const refusals = state.refusals + 1
      const isTold = status === 'reconnecting' && refusals >= REFUSALS_UNTIL_TOLD
      return {
        ...state,
        status: isTold ? 'failed' : status,
        failures: state.failures + 1,
        refusals,
        problem: event.problem,
      }
    }
    case 'unauthorized':
      return { ...state, status, problem: event.problem }
    case 'went-offline':
    case 'came-online':
      return status === state.status ? state : { ...state, status }
  }
}
