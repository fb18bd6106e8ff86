/** What the build writes into the worker: names of the files beside it, and which image the seed holds. */
export interface WorkerAssets {
  wasm: string
  data: string
  seed: string
  imageId: string
}
