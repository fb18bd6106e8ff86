import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { versions } from 'node:process'
import { chromiumPath } from '@landfall/chromium'
import type { RealStack } from '../stage/real-stack.ts'

/** On what a run was made, as far as its numbers depend on it. */
export interface Circumstances {
  date: string
  machine: string
  /** By name. */
  versions: Record<string, string>
}

const PACKAGES = [
  '@electric-sql/pglite',
  '@electric-sql/client',
  '@electric-sql/pglite-sync',
  '@tanstack/offline-transactions',
  '@tanstack/db',
  'workbox-background-sync',
  'pg',
  'pg-copy-streams',
] as const

const require = createRequire(import.meta.url)

export async function readCircumstances(stack: RealStack): Promise<Circumstances> {
  const { rows } = await stack.owner.query<{ server_version: string }>('SHOW server_version')
  const [cpu] = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    versions: {
      Chromium: chromiumVersion(),
      Node: versions.node,
      Postgres: rows[0]?.server_version ?? 'unknown',
      ...Object.fromEntries(PACKAGES.map((name) => [name, packageVersion(name)])),
    },
  }
}

function chromiumVersion(): string {
  const path = chromiumPath()
  if (!path) return 'as installed by Playwright'
  const told = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return /[\d.]+/.exec(told)?.[0] ?? told.trim()
}

/** Not every package exports its package.json; it stands above the file that it does export. */
function packageVersion(name: string): string {
  const entry = require.resolve(name)
  const folder = entry.slice(0, entry.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length)
  return (JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as { version: string }).version
}
