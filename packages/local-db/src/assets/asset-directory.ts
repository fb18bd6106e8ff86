import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cwd } from 'node:process'

/**
 * The `dist` folder of this package. Looked up from the working directory, because the server code that calls this is
 * bundled, and in a bundle `import.meta.url` no longer tells where this package lies.
 */
export function localDbAssetDirectory(): string {
  const requireFromApp = createRequire(join(cwd(), 'package.json'))
  return join(dirname(requireFromApp.resolve('@landfall/local-db/package.json')), 'dist')
}
