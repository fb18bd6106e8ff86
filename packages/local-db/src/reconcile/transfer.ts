import type { OperationQueue, SupersededOperation } from './operation-queue.ts'
import { rowOf, type TransferUnit } from './plan-transfer.ts'
import { toWrite } from './written-operation.ts'

/** A written operation that the queue does not take; it stays `written`. */
export interface RefusedOperation {
  opId: string
  error: Error
}

/** It waits behind an earlier write of its row, or of its transaction's rows, that the queue does not take. */
export class BehindRefusedError extends Error {
  override name = 'BehindRefusedError'
  constructor(cause: Error) {
    super(`An earlier change of the same row could not be stored: ${cause.message}`, { cause })
  }
}

/**
 * Puts the units into the queue, in order. What it refuses stops no other row; of the same row nothing overtakes it.
 *
 * @returns what was refused
 */
export async function transfer(queue: OperationQueue, units: readonly TransferUnit[]): Promise<RefusedOperation[]> {
  const left: TransferUnit[] = []
  for (const unit of units) if (!(await isReplaced(queue, unit))) left.push(unit)
  if (left.length === 0) return []
  try {
    await putAll(queue, left)
    return []
  } catch {
    // One of them is at fault, or all are: each is asked by itself.
    return putOneByOne(queue, left)
  }
}

async function isReplaced(queue: OperationQueue, { replacement }: TransferUnit): Promise<boolean> {
  if (!replacement) return false
  const { remove, add, superseded } = replacement
  try {
    return await queue.replaceUnsent({ remove, add: add ? [toWrite(add)] : [], superseded })
  } catch {
    // Together they may be more than the queue takes.
    return false
  }
}

async function putOneByOne(queue: OperationQueue, units: readonly TransferUnit[]): Promise<RefusedOperation[]> {
  const refused: RefusedOperation[] = []
  const closedRows = new Map<string, Error>()
  for (const unit of units) {
    const rows = unit.operations.map(rowOf)
    const before = rows.map((row) => closedRows.get(row)).find((error) => error !== undefined)
    const error = before ? new BehindRefusedError(before) : await putAll(queue, [unit]).then(noError, asError)
    if (!error) continue
    for (const row of rows) closedRows.set(row, before ?? error)
    for (const opId of unit.opIds) refused.push({ opId, error })
  }
  return refused
}

function putAll(queue: OperationQueue, units: readonly TransferUnit[]): Promise<void> {
  const writes = units.flatMap(({ operations }) => operations.map(toWrite))
  const superseded: SupersededOperation[] = units.flatMap((unit) => unit.superseded)
  return queue.put(writes, superseded)
}

const noError = () => undefined
const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))
