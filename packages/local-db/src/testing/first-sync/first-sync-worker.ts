import { PGlite } from '@electric-sql/pglite'
import { electricSync } from '@electric-sql/pglite-sync'
import { flushPerStatement } from '../../worker/flush-per-statement.ts'
import { ShapeSync } from '../../worker/shape-sync.ts'
import { START_PARAMS } from '../../worker/start-params.ts'
import { copyText } from '../../worker/sync/copy-rows.ts'
import { WaitPlaces } from '../../worker/sync/wait-places.ts'

export type FirstSyncWay = 'bare' | 'store' | 'pglite-sync'

export interface FirstSyncResult {
  totalMs: number
  /** Of the bare way: the download alone. */
  downloadMs?: number
  /** When the first rows were in the table. */
  firstRowsMs?: number
  rows: number
}

const EMPTY_WASM = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])

self.onmessage = ({ data }: MessageEvent<{ way: FirstSyncWay; origin: string }>) => {
  measure(data.way, data.origin).then(
    (result) => self.postMessage({ result }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  )
}

async function measure(way: FirstSyncWay, origin: string): Promise<FirstSyncResult> {
  const url = `${origin}/leads`
  const pg = await openSeeded(origin, way)
  const result = await WAYS[way](pg, url)
  const { rows } = await pg.query<{ rows: number }>('SELECT count(*)::int AS rows FROM leads_synced')
  return { ...result, rows: rows[0]?.rows ?? 0 }
}

async function openSeeded(origin: string, way: string): Promise<PGlite> {
  const [pgliteWasmModule, initdbWasmModule, fsBundle, loadDataDir] = await Promise.all([
    WebAssembly.compileStreaming(fetch(`${origin}/pglite.wasm`)),
    WebAssembly.compile(EMPTY_WASM),
    fetch(`${origin}/pglite.data`).then((response) => response.blob()),
    fetch(`${origin}/seed.tar`).then((response) => response.blob()),
  ])
  const dataDir = `idb://first-sync-${way}`
  const pg = await PGlite.create({
    dataDir,
    pgliteWasmModule,
    initdbWasmModule,
    fsBundle,
    loadDataDir,
    startParams: START_PARAMS,
  })
  flushPerStatement(pg)
  return pg
}

const WAYS: Record<FirstSyncWay, (pg: PGlite, url: string) => Promise<Omit<FirstSyncResult, 'rows'>>> = {
  /** Downloads the answers, and COPYs all of them at once. Making COPY's text is not counted. */
  async bare(pg, url) {
    const startedAt = performance.now()
    const texts: string[] = []
    for (let offset = '-1'; offset !== '0_inf'; ) {
      const response = await fetch(`${url}?offset=${offset}&handle=leads-1`)
      texts.push(await response.text())
      offset = response.headers.get('electric-offset') ?? '0_inf'
    }
    const downloadMs = performance.now() - startedAt
    const rows = texts.flatMap((text) => JSON.parse(text)).flatMap(({ value }) => (value ? [value] : []))
    const columns = Object.keys(rows[0])
    const blob = new Blob([copyText(columns, rows)])
    const copiedAt = performance.now()
    await pg.query(`COPY leads_synced (${columns.map((name) => `"${name}"`).join(', ')}) FROM '/dev/blob'`, [], {
      blob,
    })
    return { downloadMs, totalMs: downloadMs + performance.now() - copiedAt }
  },

  store(pg, url) {
    const startedAt = performance.now()
    let firstRowsMs: number | undefined
    return new Promise((resolve) => {
      const sync = new ShapeSync(
        pg,
        { name: 'leads', url, headers: {} },
        {
          waits: new WaitPlaces({ isMultiplexed: () => true }),
          onProgress: (progress) => {
            if (progress?.rows) firstRowsMs ??= performance.now() - startedAt
          },
          onState: ({ status }) => {
            if (status !== 'up-to-date') return
            const totalMs = performance.now() - startedAt
            sync.stop()
            resolve({ totalMs, ...(firstRowsMs === undefined ? {} : { firstRowsMs }) })
          },
        },
      )
      sync.start()
    })
  },

  async 'pglite-sync'(pg, url) {
    const startedAt = performance.now()
    const { namespaceObj: sync } = await electricSync().setup(pg)
    await sync.initMetadataTables()
    await new Promise<void>((resolve, reject) => {
      const shape = { url, columns: [] as string[] }
      sync
        .syncShapeToTable({
          shape: { url: shape.url },
          shapeKey: 'leads',
          table: 'leads_synced',
          primaryKey: ['id'],
          initialInsertMethod: 'csv',
          onInitialSync: resolve,
          onError: reject,
        })
        .catch(reject)
    })
    return { totalMs: performance.now() - startedAt }
  },
}
