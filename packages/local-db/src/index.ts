export type { AwaitSyncedOptions } from './access/await-synced.ts'
export type { Access } from './access/create-access.ts'
export type { LiveWindow } from './access/live/live-channel.ts'
export type { LiveQuery, LiveState } from './access/live/live-query.ts'
export { ConnectionLostError, LocalQueryError, ReadOnlyError } from './access/query-errors.ts'
export type { ReadDatabase, WriteTransaction } from './access/session/local-drizzle.ts'
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
} from './access/write/write-errors.ts'
export type {
  Confirmation,
  WriteMode,
  WriteOptions,
  WriteResult,
  WrittenOperation,
} from './access/write/write-options.ts'
export { deleteLocalDb } from './page/delete-local-db.ts'
export { type DeviceStorage, readDeviceStorage } from './page/device-storage.ts'
export { LocalDbOpenError, LocalDbWipeError } from './page/errors.ts'
export type { LocalDb, LocalDbOptions, PGliteOfTab, ReconcileOptions } from './page/local-db.ts'
export { openLocalDb } from './page/open-local-db.ts'
export { OwnerNameError } from './protocol/database-names.ts'
export type { ShapeConfig } from './protocol/messages.ts'
export type { Rebuild, RebuildReason } from './protocol/rebuild.ts'
export type { LocalDbStatus, SyncState } from './protocol/status.ts'
export type { EnquiryProgress, EnquiryRow, LeadViewRow } from './schema/view-rows.ts'
