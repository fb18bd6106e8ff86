import type { DeviceIdentity, Operation } from '@landfall/contract'

/** Who takes a batch, by the name that the report gives it. */
export const SERVER_CONTENDERS = [
  'landfall over HTTP',
  'landfall, engine alone',
  'bare handler, 204',
  'bare statement',
  'leads only',
] as const

export type ServerContender = (typeof SERVER_CONTENDERS)[number]

/** A client with a connection of its own. */
export interface ServerClient {
  /** Resolves when the batch was answered; rejects unless exactly `poisoned` operations of it were rejected. */
  send(device: DeviceIdentity, operations: Operation[], poisoned: number): Promise<void>
  close(): Promise<void>
}

/** Where the contenders are. */
export interface ServerAddresses {
  appPort: number
  barePort: number
  appDatabaseUrl: string
  tenantId: string
}
