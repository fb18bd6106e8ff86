/** The server was asked for the local database's files before they were built. */
export class AssetsNotBuiltError extends Error {
  override name = 'AssetsNotBuiltError'
  constructor(directory: string, options: ErrorOptions) {
    super(
      `The local database's files are not in ${directory}. Run \`pnpm --filter @landfall/local-db build\`, or pass the directory that holds manifest.json.`,
      options,
    )
  }
}
