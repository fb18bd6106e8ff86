import { fileURLToPath } from 'node:url'
import { buildServiceWorker } from '@landfall/service-worker/build'

const { files, bytes } = await buildServiceWorker({
  staticDir: fileURLToPath(new URL('../.next/static', import.meta.url)),
  outFile: fileURLToPath(new URL('../public/sw.js', import.meta.url)),
})
console.log(`service worker: precaches ${files} files, ${Math.round(bytes / 1024)} KiB before compression`)
