import { AssetsNotBuiltError, localDbManifest } from '@landfall/local-db/assets'

/** Where a browser finds the local database: its worker, and everything the worker loads. */
export interface LocalDbAssets {
  workerPath: string
  /** All files, to be kept on the device while it is idle. */
  paths: string[]
}

const BASE_PATH = '/assets/local-db/'

/** Undefined when the files were not built: the pages then show what the outbox knows. */
export async function localDbAssets(): Promise<LocalDbAssets | undefined> {
  try {
    const { worker, files } = await localDbManifest()
    return { workerPath: BASE_PATH + worker, paths: files.map((file) => BASE_PATH + file.name) }
  } catch (error) {
    if (error instanceof AssetsNotBuiltError) return undefined
    throw error
  }
}
