import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { WorkerAssets } from '../worker/worker-assets.ts'

/** The worker as one minified module. The names of the files that it loads are written into it. */
export async function bundleWorker(assets: WorkerAssets): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('../worker/worker.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: ['chrome109', 'firefox114', 'safari16.4'],
    legalComments: 'none',
    define: { __LANDFALL_ASSETS__: JSON.stringify(assets) },
    plugins: [withoutNode],
    logLevel: 'warning',
  })
  const [output] = result.outputFiles
  if (!output) throw new Error('esbuild wrote no worker')
  return output.contents
}

/** PGlite's paths for Node are never taken in a browser, but a module that can't be resolved keeps the worker from starting. */
export const withoutNode: Plugin = {
  name: 'without-node',
  setup(bundle) {
    const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]))
    bundle.onResolve({ filter: /^[a-z]/ }, ({ path }) => (builtins.has(path) ? { path, namespace: 'node' } : undefined))
    bundle.onLoad({ filter: /.*/, namespace: 'node' }, () => ({ contents: 'module.exports = {}' }))
  },
}
