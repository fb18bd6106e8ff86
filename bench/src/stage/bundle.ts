import { builtinModules } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

/** Everything that `entry` needs, in one script for a browser, as an application would ship it. */
export async function bundle(entry: string): Promise<string> {
  const [output] = await forBrowsers(entry, { format: 'iife' })
  return output?.text ?? ''
}

/** The same as modules by name of the file, so that what is imported later is loaded later. */
export async function bundleModules(entry: string): Promise<Map<string, string>> {
  const outputs = await forBrowsers(entry, {
    format: 'esm',
    splitting: true,
    outdir: '/',
    // PGlite imports them where it runs in Node.
    external: builtinModules.flatMap((name) => [name, `node:${name}`]),
  })
  return new Map(outputs.map(({ path, text }) => [basename(path), text]))
}

async function forBrowsers(entry: string, options: BuildOptions) {
  const { outputFiles = [] } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'chrome120',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
    ...options,
    write: false,
  })
  return outputFiles
}
