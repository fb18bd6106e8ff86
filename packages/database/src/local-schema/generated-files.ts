import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Where the generated files are committed: beside those who use them. */
export const GENERATED_FOLDER = new URL('../../../local-db/src/schema/generated/', import.meta.url)

/** Writes what differs, and removes what is not generated any more. Returns the names that it touched. */
export async function writeGenerated(wanted: Record<string, string>, folder = GENERATED_FOLDER): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const held = await readGenerated(folder)
  const touched: string[] = []
  for (const [name, content] of Object.entries(wanted)) {
    if (held[name] === content) continue
    await writeFile(new URL(name, folder), content)
    touched.push(name)
  }
  for (const name of Object.keys(held)) {
    if (Object.hasOwn(wanted, name)) continue
    await rm(new URL(name, folder))
    touched.push(name)
  }
  return touched
}

/** How the committed files differ from the wanted ones, to be read by a person; empty when they don't. */
export async function differences(wanted: Record<string, string>, folder = GENERATED_FOLDER): Promise<string> {
  const held = await readGenerated(folder)
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(held)])].sort()
  return names
    .filter((name) => wanted[name] !== held[name])
    .map((name) => `${fileURLToPath(new URL(name, folder))}\n${firstDifference(held[name], wanted[name])}`)
    .join('\n\n')
}

const LINES_OF_CONTEXT = 2
const MOST_LINES = 12

function firstDifference(held: string | undefined, wanted: string | undefined): string {
  if (held === undefined) return '  is missing'
  if (wanted === undefined) return '  is not generated any more'
  const [have, want] = [held.split('\n'), wanted.split('\n')]
  let from = 0
  while (have[from] === want[from]) from++
  let end = 0
  while (end < Math.min(have.length, want.length) - from && have.at(-1 - end) === want.at(-1 - end)) end++
  const lines = (mark: string, all: string[], start: number, stop: number) => {
    const shown = all.slice(start, Math.min(stop, start + MOST_LINES)).map((line) => `${mark} ${line}`)
    return stop - start > MOST_LINES ? [...shown, `${mark} … ${stop - start - MOST_LINES} more lines`] : shown
  }
  return [
    `  from line ${from + 1}:`,
    ...lines(' ', have, Math.max(0, from - LINES_OF_CONTEXT), from),
    ...lines('-', have, from, have.length - end),
    ...lines('+', want, from, want.length - end),
    ...lines(' ', have, have.length - end, Math.min(have.length, have.length - end + LINES_OF_CONTEXT)),
  ].join('\n')
}

async function readGenerated(folder: URL): Promise<Record<string, string>> {
  const names = await readdir(folder).catch(() => [])
  const files = await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')]))
  return Object.fromEntries(files)
}
