import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lsn } from '../replication/lsn.ts'
import type { StreamIdentity } from '../replication/replication-sink.ts'
import { type Durability, replaceFile } from './durable-file.ts'

export interface StorageState {
  /** The stream whose changes a storage holds. */
  identity: StreamIdentity
  /** Everything up to here is on disk. */
  position: Lsn
}

/** Of the files; a folder of another one is cleared. */
const FORMAT = 1
const FILE = 'storage.json'

/** Undefined for a folder that is new, of another format, or damaged. */
export async function readState(folder: string): Promise<StorageState | undefined> {
  try {
    const { format, position, ...identity } = JSON.parse(await readFile(join(folder, FILE), 'utf8'))
    const { systemIdentifier, databaseOid, slotName, timeline } = identity as Partial<StreamIdentity>
    if (format !== FORMAT || !systemIdentifier || !databaseOid || !slotName || !timeline) return undefined
    return { identity: { systemIdentifier, databaseOid, slotName, timeline }, position: BigInt(position) }
  } catch {
    return undefined
  }
}

export async function writeState(folder: string, state: StorageState, durability: Durability): Promise<void> {
  const { identity, position } = state
  const text = JSON.stringify({ format: FORMAT, ...identity, position: String(position) })
  await replaceFile(join(folder, FILE), text, durability)
}
