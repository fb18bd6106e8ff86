import { open, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Whether what is written must outlive a crash of the machine; a temporary folder need not, and is faster so. */
export type Durability = 'kept' | 'temporary'

/** Replaces a small file as a whole: after a crash it is the old one or the new one. */
export async function replaceFile(path: string, text: string, durability: Durability): Promise<void> {
  const next = `${path}.next`
  await writeFile(next, text)
  await syncPath(next, durability)
  await rename(next, path)
  await syncFolder(dirname(path), durability)
}

export async function syncPath(path: string, durability: Durability): Promise<void> {
  if (durability === 'temporary') return
  const file = await open(path, 'r+')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Makes the names in a folder durable: those of files that were made, renamed or removed. */
export async function syncFolder(path: string, durability: Durability): Promise<void> {
  // Windows keeps its folders by itself and refuses to open them.
  if (durability === 'temporary' || process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
