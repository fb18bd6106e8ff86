import type { FirstSyncWay } from './first-sync-worker.ts'
import { measureFirstSync } from './measure-first-sync.ts'

const [count = '10000', ways = 'bare,store,pglite-sync', rounds = '3'] = process.argv.slice(2)
for (let round = 0; round < Number(rounds); round += 1) {
  for (const way of ways.split(',') as FirstSyncWay[]) {
    const { totalMs, downloadMs, firstRowsMs, rows, bytes, peakBytes } = await measureFirstSync(way, Number(count))
    const megabytes = (value: number) => Math.round(value / 1e6)
    console.log(
      [
        way,
        `${rows} rows, ${megabytes(bytes)} MB`,
        `${Math.round(totalMs)} ms`,
        downloadMs === undefined ? '' : `of that download ${Math.round(downloadMs)} ms`,
        firstRowsMs === undefined ? '' : `first rows after ${Math.round(firstRowsMs)} ms`,
        `peak ${megabytes(peakBytes)} MB`,
      ]
        .filter(Boolean)
        .join(' · '),
    )
  }
}
