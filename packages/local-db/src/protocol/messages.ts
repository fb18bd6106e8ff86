import type { FollowedShape } from '@landfall/contract'
import type { LocalDbStatus } from './status.ts'

export interface ShapeConfig {
  name: FollowedShape
  url: string
  headers: Record<string, string>
}

/** What a page tells its worker, again after that worker was replaced. */
export interface ConnectMessage {
  type: 'connect'
  owner: string
  shapes: ShapeConfig[]
  /** How long the stored database may take to open before it is set aside. */
  openWithinMs: number
}

/** Said by a page to a SharedWorker, which may just be ending; to a worker of its own with the connect message. */
export type GreetingMessage = { type: 'ping' } | ConnectMessage

/** A worker's answer to its page: it holds this Web Lock for as long as it lives. */
export interface AliveMessage {
  type: 'alive'
  lock: string
}

/**
 * Broadcast by pages. Every worker hears `configure` and `network`, so that whichever leads next knows; the leader acts on
 * the rest. `network` is also said when a person comes back to a page.
 */
export type PageMessage =
  | { type: 'configure'; shapes: ShapeConfig[] }
  | { type: 'network'; isOnline: boolean }
  | { type: 'ask-status' }
  | { type: 'wipe' }

/** Broadcast by the worker that leads. */
export type LeaderMessage =
  | { type: 'status'; status: LocalDbStatus }
  | { type: 'wiped' }
  | { type: 'wipe-failed'; message: string }

export type ControlMessage = PageMessage | LeaderMessage
