import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { chromiumLaunchOptions } from '@landfall/chromium'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { withoutNode } from '../../build/bundle-worker.ts'
import { readLocalSchema } from '../../schema/read-local-schema.ts'
import { startShapeSite } from '../shape-site.ts'
import type { RouteHandler } from '../test-site.ts'
import type { FirstSyncResult, FirstSyncWay } from './first-sync-worker.ts'
import { leadShape } from './lead-shape.ts'

export interface FirstSyncMeasurement extends FirstSyncResult {
  way: FirstSyncWay
  /** Of the answers. */
  bytes: number
  /** Most memory of all processes of the browser, above what it had before. */
  peakBytes: number
}

/** Measures one first sync of `count` leads in Chromium, in a dedicated worker, with a new profile. */
export async function measureFirstSync(way: FirstSyncWay, count: number): Promise<FirstSyncMeasurement> {
  const { handler, bytes } = leadShape(count)
  const site = await startShapeSite(await routesOf(handler))
  const browser = await chromium.launch(chromiumLaunchOptions())
  try {
    const page = await browser.newPage()
    await page.goto(site.url('/'))
    const idleBytes = chromiumBytes()
    let peakBytes = 0
    const sampling = setInterval(() => {
      peakBytes = Math.max(peakBytes, chromiumBytes() - idleBytes)
    }, 200)
    const answer = await page.evaluate(
      (asked) =>
        new Promise<{ result?: FirstSyncResult; error?: string }>((resolve) => {
          const worker = new Worker('/worker.js', { type: 'module' })
          worker.onmessage = ({ data }) => resolve(data)
          worker.onerror = ({ message }) => resolve({ error: message })
          worker.postMessage({ way: asked, origin: location.origin })
        }),
      way,
    )
    clearInterval(sampling)
    if (!answer.result) throw new Error(answer.error)
    return { way, bytes, peakBytes, ...answer.result }
  } finally {
    await browser.close()
    await site.close()
  }
}

async function routesOf(leads: RouteHandler): Promise<Record<string, () => RouteHandler>> {
  const engine = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('./first-sync-worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    plugins: [withoutNode],
    logLevel: 'warning',
  })
  const file =
    (type: string, body: () => Promise<Uint8Array | string>): (() => RouteHandler) =>
    () =>
    async (_request, _url, response) =>
      void response.writeHead(200, { 'content-type': type }).end(await body())
  const seed = await makeSeed()
  return {
    '/': file('text/html', async () => '<!doctype html><title>first sync</title>'),
    '/worker.js': file('text/javascript', async () => bundle.outputFiles[0]?.text ?? ''),
    '/pglite.wasm': file('application/wasm', () => readFile(join(engine, 'pglite.wasm'))),
    '/pglite.data': file('application/octet-stream', () => readFile(join(engine, 'pglite.data'))),
    '/seed.tar': file('application/x-tar', async () => seed),
    '/leads': () => leads,
  }
}

async function makeSeed(): Promise<Uint8Array> {
  const pg = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'] })
  await pg.exec(await readLocalSchema())
  const image = await pg.dumpDataDir('none')
  await pg.close()
  return new Uint8Array(await image.arrayBuffer())
}

/** Memory of this process's children and theirs, without what they share. */
function chromiumBytes(): number {
  const pending = [process.pid]
  let bytes = 0
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    try {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
      pending.push(...children.split(' ').filter(Boolean).map(Number))
      if (pid === process.pid) continue
      const kilobytes = /^Private_Dirty:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
      bytes += Number(kilobytes ?? 0) * 1024
    } catch {
      // It ended meanwhile.
    }
  }
  return bytes
}
