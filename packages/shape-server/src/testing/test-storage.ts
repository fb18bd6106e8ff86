import type { MessageText } from '../shapes/shape-log.ts'
import { openShapeStorage, type ShapeStorage, type ShapeStorageOptions } from '../storage/shape-storage.ts'
import { cleanUp } from './clean-up.ts'
import type { Message } from './shape-reader.ts'

/** A storage of its own, gone after the test. */
export async function openTestStorage(options: Partial<ShapeStorageOptions> = {}): Promise<ShapeStorage> {
  const storage = await openShapeStorage({ log: () => {}, ...options })
  cleanUp(() => storage.close())
  return storage
}

/** The messages of a page, as a client reads them. */
export async function messagesIn(text: MessageText): Promise<Message[]> {
  const pieces: Buffer[] = []
  if (Buffer.isBuffer(text)) pieces.push(text)
  else for await (const piece of text) pieces.push(piece)
  return JSON.parse(`[${Buffer.concat(pieces)}]`)
}
