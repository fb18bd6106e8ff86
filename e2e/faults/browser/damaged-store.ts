import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type SeededRandom, seededRandom } from '../seeded-random.ts'
import { withFindings } from '../server/account.ts'
import { BATCH_PATH, calm } from '../server/server-world.ts'
import type { RunResult } from '../tally.ts'
import type { BrowserWorld } from './browser-world.ts'
import { formRefusal } from './form-refusal.ts'
import { until } from './until.ts'
import { Visitor } from './visitor.ts'

const STORE_DIR = join('Default', 'IndexedDB')

/** What a dying disk, or somebody with a file manager, does to the files between two visits. */
const DAMAGES: Record<string, (dir: string, files: string[], random: SeededRandom) => Promise<void>> = {
  'everything is gone': (dir) => rm(dir, { recursive: true, force: true }),
  'the pointer to the manifest is gone': async (_dir, files) =>
    removeAll(files.filter((file) => file.endsWith('CURRENT'))),
  'the manifest is cut': async (_dir, files, random) =>
    cutAll(
      files.filter((file) => file.includes('MANIFEST')),
      random.next(),
    ),
  'the log is cut': async (_dir, files, random) =>
    cutAll(
      files.filter((file) => file.endsWith('.log')),
      random.next(),
    ),
  'bytes of the log are other bytes': async (_dir, files, random) => {
    for (const file of files.filter((name) => name.endsWith('.log'))) {
      const bytes = await readFile(file)
      for (let count = 0; count < 20 && bytes.length > 0; count += 1) {
        bytes[random.between(0, bytes.length - 1)] = random.between(0, 255)
      }
      await writeFile(file, bytes)
    }
  },
  'the tables are gone': async (_dir, files) => removeAll(files.filter((file) => file.endsWith('.ldb'))),
}

async function removeAll(files: string[]): Promise<void> {
  for (const file of files) await rm(file, { force: true })
}

async function cutAll(files: string[], part: number): Promise<void> {
  for (const file of files) await truncate(file, Math.floor((await readFile(file)).length * part))
}

/**
 * The store is damaged while the browser is closed. What was on it may be gone with it, and counts as taken off the
 * device; the form must come up all the same, and bring out a new lead or say plainly that it cannot.
 */
export async function damagedStore(seed: number, world: BrowserWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const { proxy } = world.stack
  const names = Object.keys(DAMAGES)
  const name = names[seed % names.length] as string
  const visitor = await Visitor.create()
  const findings: string[] = []
  const mark = `Damaged ${seed} ${visitor.browser.profile.slice(-6)}`
  try {
    proxy.plan({ path: BATCH_PATH, times: 1_000, fault: { kind: 'unreachable' } })
    const old = await visitor.send(await visitor.start(), mark)
    await visitor.kill()
    const dir = join(visitor.browser.profile, STORE_DIR)
    const files = (await readdir(dir, { recursive: true })).map((file) => join(dir, file))
    await DAMAGES[name]?.(dir, files, random)
    proxy.clear()

    // From here on it is the disk that took it, unless it arrives.
    old.isErased = true
    const site = await visitor.start()
    const fresh = await visitor.click(site, `${mark} afterwards`)
    const isTold = await until(async () => fresh.isAcknowledged || (await formRefusal(site.page).count()) > 0, 20_000)
    if (!isTold) findings.push(`${name}: the form says nothing`)
    findings.push(...(await visitor.untilSettled(site.page)).map((finding) => `${name}: ${finding}`))
    return withFindings(await visitor.account(world), findings)
  } finally {
    await visitor.remove()
  }
}
