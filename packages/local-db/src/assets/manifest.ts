/** A built file as it is served. Its name carries a hash of its content, so it may be cached for ever. */
export interface LocalDbAsset {
  name: string
  /** Size before compression. */
  bytes: number
  contentType: string
}

/** What the build wrote, `dist/manifest.json`. */
export interface LocalDbManifest {
  /** Name of the worker's script; the page opens the database with its URL. */
  worker: string
  files: LocalDbAsset[]
  /** Head of the chain of migrations; the chain itself lies beside, in `schema-chain.json`. */
  schemaHash: string
  /** PGlite's version and Postgres' major. */
  engineId: string
  /** Hash of everything the build read: the same again means nothing to do. */
  inputsHash: string
}
