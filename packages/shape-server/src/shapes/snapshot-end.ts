import type { SnapshotVisibility } from './visibility.ts'

/** The message behind rows that were read from the database: what their snapshot has seen. */
export function snapshotEnd({ xmin, xmax, running }: SnapshotVisibility): string {
  return JSON.stringify({
    headers: { control: 'snapshot-end', xmin: String(xmin), xmax: String(xmax), xip_list: running.map(String) },
  })
}
