/** Limits that both sides know. Bytes are of UTF-8; times are milliseconds. */
export const LIMITS = {
  operationsPerBatch: 100,
  batchBytes: 256 * 1024,
  /** A keepalive fetch shares 64 KiB with every other one in flight. */
  keepaliveBytes: 60 * 1024,
  payloadBytes: 64 * 1024,
  jsonDepth: 16,
  textLength: 200,
  textareaLength: 5_000,
  noteLength: 5_000,
  fieldsPerForm: 40,
  optionsPerField: 100,
  attributionLength: 2_048,
} as const

/** Version of the batch envelope. */
export const SYNC_PROTOCOL = 1
