import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One scenario as `replay.mjs --json` reports it. */
export interface ScenarioReport {
  name: string
  result: 'PASS' | 'FAIL' | 'SKIP'
  /** The differences, or why it was skipped. */
  notes: string[]
}

export interface ReplayTarget {
  url: string
  databaseUrl: string
  secret: string
  restartCommand?: string
}

const REPLAY = fileURLToPath(new URL('./recorded/replay.mjs', import.meta.url))

/** Runs these scenarios one after the other in a process of its own, telling each as it ends. */
export async function replay(
  target: ReplayTarget,
  names: readonly string[],
  onReport: (report: ScenarioReport) => void,
): Promise<void> {
  const args = [REPLAY, '--json', '--url', target.url, '--database', target.databaseUrl, '--secret', target.secret]
  if (target.restartCommand) args.push('--restart-cmd', target.restartCommand)
  const child = spawn(process.execPath, [...args, '--only', names.join(',')], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk
  })
  const unreported = new Set(names)
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const report: ScenarioReport = JSON.parse(line)
    unreported.delete(report.name)
    onReport(report)
  }
  await ended
  for (const name of unreported) onReport({ name, result: 'FAIL', notes: [`the replay broke off: ${errors}`] })
}
