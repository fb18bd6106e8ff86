export type { AccessHost, AccessReconciler } from './access-host.ts'
export type { AwaitSyncedOptions } from './await-synced.ts'
export { type Access, createAccess } from './create-access.ts'
export type { LiveWindow } from './live/live-channel.ts'
export type { RowOf, Selecting } from './live/live-definition.ts'
export type { LiveQuery, LiveState } from './live/live-query.ts'
export { ConnectionLostError, LocalQueryError, ReadOnlyError } from './query-errors.ts'
export type { ReadDatabase, WriteTransaction } from './session/local-drizzle.ts'
export {
  NoQueueError,
  NotConfirmedError,
  NotSavedError,
  NotWrittenError,
  OfflineError,
  SyncTimeoutError,
  TransactionTimeoutError,
  WriteRejectedError,
  WriteTakenBackError,
} from './write/write-errors.ts'
export type { Confirmation, WriteMode, WriteOptions, WriteResult, WrittenOperation } from './write/write-options.ts'
