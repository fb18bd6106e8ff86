import type { FollowedShape } from '@landfall/contract'
import type { LocalDbStatus } from './status.ts'

export interface ShapeConfig {
  name: FollowedShape
  url: string
  headers: Record<string, string>
}

/** First message of a page to its worker; a port for PGlite's handshake is transferred with it. */
export interface ConnectMessage {
  type: 'connect'
  tenantId: string
  shapes: ShapeConfig[]
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
