import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { injectManifest } from 'workbox-build'

export interface BuildServiceWorkerOptions {
  /** Next's folder of hashed files, `.next/static`. */
  staticDir: string
  /** Where the finished file goes, `public/sw.js`. */
  outFile: string
}

export interface BuiltServiceWorker {
  files: number
  bytes: number
}

const ENTRY = fileURLToPath(new URL('../worker/service-worker.ts', import.meta.url))

/**
 * Bundles the service worker and puts in the list of the build's scripts and styles. Typefaces are not in it: each
 * tenant has its own, and the page that uses one brings it into the cache.
 */
export async function buildServiceWorker({
  staticDir,
  outFile,
}: BuildServiceWorkerOptions): Promise<BuiltServiceWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-sw-'))
  try {
    const bundled = join(folder, 'sw.js')
    await build({
      entryPoints: [ENTRY],
      outfile: bundled,
      bundle: true,
      minify: true,
      format: 'iife',
      target: ['chrome109', 'safari16', 'firefox115'],
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
    })
    const { count, size, warnings } = await injectManifest({
      swSrc: bundled,
      swDest: outFile,
      globDirectory: staticDir,
      globPatterns: ['**/*.{js,css}'],
      modifyURLPrefix: { '': '/_next/static/' },
      // Every name carries a hash of its content.
      dontCacheBustURLsMatching: /./,
      maximumFileSizeToCacheInBytes: 1024 * 1024,
    })
    if (warnings.length > 0) throw new Error(`the service worker leaves files out:\n${warnings.join('\n')}`)
    return { files: count, bytes: size }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
