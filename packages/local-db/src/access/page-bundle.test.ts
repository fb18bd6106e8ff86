import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import { describe, expect, it } from 'vitest'

const SOURCES = fileURLToPath(new URL('../', import.meta.url))

interface Bundle {
  /** Files of what a page runs at once. */
  eager: string[]
  /** Files of what it loads when it opens a database. */
  lazy: string[]
  eagerGzipBytes: number
  lazyGzipBytes: number
}

/** Bundles a page as an app would: one entry, and a file for each `import()`. */
async function bundlePage(script: string): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: script, resolveDir: SOURCES, loader: 'tsx' },
    outdir: '/bundle',
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    jsx: 'automatic',
    external: ['react', 'react/jsx-runtime', 'fs', 'fs/promises', 'node:*', 'module', 'path', 'url', 'util', 'crypto'],
    logLevel: 'error',
  })
  const [entry] = Object.entries(metafile.outputs).filter(([, output]) => output.entryPoint?.includes('stdin'))
  const eager = entry ? reachable(metafile, entry[0]) : new Set<string>()
  const outputs = Object.keys(metafile.outputs)
  const bytes = (isWanted: (output: string) => boolean) =>
    outputFiles
      .filter(({ path }) => isWanted(outputs.find((output) => path.endsWith(output.split('/').pop() ?? '')) ?? ''))
      .reduce((sum, { contents }) => sum + gzipSync(contents).byteLength, 0)
  return {
    eager: inputsOf(metafile, (output) => eager.has(output)),
    lazy: inputsOf(metafile, (output) => !eager.has(output)),
    eagerGzipBytes: bytes((output) => eager.has(output)),
    lazyGzipBytes: bytes((output) => !eager.has(output)),
  }
}

/** An output and what it imports at once. */
function reachable(metafile: Metafile, output: string, found = new Set<string>()): Set<string> {
  if (found.has(output)) return found
  found.add(output)
  for (const { path, kind } of metafile.outputs[output]?.imports ?? []) {
    if (kind === 'import-statement') reachable(metafile, path, found)
  }
  return found
}

/** Files that left at least a byte in these outputs. */
function inputsOf(metafile: Metafile, isWanted: (output: string) => boolean): string[] {
  return Object.entries(metafile.outputs)
    .filter(([output]) => isWanted(output))
    .flatMap(([, { inputs }]) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([input]) => input)
}

/** Sources of PGlite that these files were made of; its own chunks have names that change with every release. */
async function pgliteSources(inputs: readonly string[]): Promise<string[]> {
  const maps = inputs.filter((input) => input.includes('/pglite/dist/')).map((input) => `${input}.map`)
  const sources = await Promise.all(
    maps.map(async (map): Promise<string[]> => JSON.parse(await readFile(map, 'utf8')).sources),
  )
  return sources.flat()
}

const VISITOR_PAGE = `
  import { LocalDbProvider, useEnquiries } from './react/index.ts'
  globalThis.page = { LocalDbProvider, useEnquiries }`
const MEMBER_PAGE = `
  import { LocalDbProvider, useLiveQuery, useLocalDb } from './react/index.ts'
  import { leads } from './schema/generated/tables.ts'
  globalThis.page = { LocalDbProvider, useLocalDb, useLeads: () => useLiveQuery((db) => db.select().from(leads)) }`

const ENGINE = /release\/pglite\.js|release\/initdb\.js|src\/(pglite|postgresMod|initdb)\.ts|src\/fs\/|async-mutex/

describe.each([
  ['a visitor’s page', VISITOR_PAGE],
  ['a member’s page', MEMBER_PAGE],
])('%s', (_, script) => {
  it('holds none of PGlite’s engine, file systems or initdb, nor Drizzle’s driver that imports them', async () => {
    const { eager, lazy } = await bundlePage(script)
    const sources = await pgliteSources([...eager, ...lazy])
    // Without them the test would look at nothing.
    expect(sources).toContainEqual(expect.stringContaining('src/worker/index.ts'))
    expect(sources.filter((source) => ENGINE.test(source))).toEqual([])
    expect([...eager, ...lazy].filter((input) => input.includes('drizzle-orm/pglite'))).toEqual([])
  })
})

describe('the bundle of a page', () => {
  /** What pglite-react's hooks need of PGlite: to make text of a template. */
  const TEMPLATING = /src\/templating\.ts|assets\/esm_shims\.js/

  it('has PGlite’s client and Drizzle only in what a visitor’s page loads when it opens a database', async () => {
    const { eager, eagerGzipBytes, lazyGzipBytes } = await bundlePage(VISITOR_PAGE)
    expect(eager.filter((input) => input.includes('node_modules') && !/\/pglite(-react)?\/dist\//.test(input))).toEqual(
      [],
    )
    expect((await pgliteSources(eager)).filter((source) => !TEMPLATING.test(source))).toEqual([])
    expect(eagerGzipBytes).toBeLessThan(5_000)
    expect(lazyGzipBytes).toBeLessThan(70_000)
    process.stdout.write(`visitor's page: ${eagerGzipBytes} bytes gzip, ${lazyGzipBytes} more when it opens\n`)
  })

  it('has Drizzle’s query builder at once in a member’s page, whose queries are built before it opens', async () => {
    const { eager, eagerGzipBytes, lazyGzipBytes } = await bundlePage(MEMBER_PAGE)
    expect(eager.filter((input) => input.includes('/drizzle-orm/pg-core/'))).not.toEqual([])
    expect((await pgliteSources(eager)).filter((source) => !TEMPLATING.test(source))).toEqual([])
    process.stdout.write(`member's page: ${eagerGzipBytes} bytes gzip, ${lazyGzipBytes} more when it opens\n`)
  })
})
