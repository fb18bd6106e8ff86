import type { WorkerAssets } from './worker-assets.ts'

/** A file of the database engine could not be loaded. The database on the device is untouched. */
export class EngineLoadError extends Error {
  override name = 'EngineLoadError'
  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(
      `Could not load ${url}: ${reason}. The stored data is untouched; open again when the network is back.`,
      options,
    )
  }
}

/** What PGlite needs to start, already loaded. */
export interface Engine {
  pgliteWasmModule: WebAssembly.Module
  initdbWasmModule: WebAssembly.Module
  fsBundle: Blob
}

/** Smallest valid module. initdb never runs, since the seed replaces it, but without a module PGlite would fetch the real one. */
const EMPTY_WASM = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])

export async function loadEngine(assets: WorkerAssets, baseUrl: string): Promise<Engine> {
  const [pgliteWasmModule, fsBundle, initdbWasmModule] = await Promise.all([
    fetchAsset(assets.wasm, baseUrl).then((response) => WebAssembly.compileStreaming(response)),
    fetchAsset(assets.data, baseUrl).then((response) => response.blob()),
    WebAssembly.compile(EMPTY_WASM),
  ])
  return { pgliteWasmModule, initdbWasmModule, fsBundle }
}

export async function loadSeed(assets: WorkerAssets, baseUrl: string): Promise<Blob> {
  const response = await fetchAsset(assets.seed, baseUrl)
  return response.blob()
}

async function fetchAsset(name: string, baseUrl: string): Promise<Response> {
  const url = new URL(name, baseUrl).href
  let response: Response
  try {
    response = await fetch(url)
  } catch (cause) {
    throw new EngineLoadError(url, 'no answer', { cause })
  }
  if (!response.ok) throw new EngineLoadError(url, `status ${response.status}`)
  return response
}
