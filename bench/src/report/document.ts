import { readFile, writeFile } from 'node:fs/promises'
import type { Circumstances } from './circumstances.ts'
import { layOutSection } from './layout.ts'
import type { Section } from './section.ts'

const DOCUMENT = new URL('../../../docs/BENCHMARKS.md', import.meta.url)

/** Writes these sections into `docs/BENCHMARKS.md`, in place of those of the same title; the others stay. */
export async function writeDocument(circumstances: Circumstances, sections: readonly Section[]): Promise<void> {
  const before = await readFile(DOCUMENT, 'utf8').catch(() => '')
  await writeFile(DOCUMENT, layOutDocument(before, circumstances, sections))
}

export function layOutDocument(before: string, circumstances: Circumstances, sections: readonly Section[]): string {
  const texts = new Map(sectionsOf(before))
  for (const section of sections) texts.set(section.title, layOutDated(circumstances, section))
  const all = [...texts.values()].join('\n')
  const count = (pattern: RegExp) => all.match(pattern)?.length ?? 0
  const met = count(/^- Met: /gm)
  return `${[
    '# Benchmarks',
    'What writing a lead and following a shape cost, beside the cheapest thing that could do the work (the floor) and beside what one could use instead (the peers). All of a section was measured in one run, each in turn with the others, on one machine that also ran the browser, the app, the database and the clients. Times depend on the machine; the ratios are what to look at.',
    `Written by \`pnpm bench\` (see [bench/README.md](../bench/README.md)); nothing here is edited by hand. p50 is the median, p95 the time that one in twenty exceeds, and the middle half lies between the first and the third quartile. Goals met: ${met} of ${met + count(/^- \*\*Missed\*\*: /gm)}.`,
    ...texts.values(),
  ].join('\n\n')}\n`
}

/** Title and text of every section, in order. */
function sectionsOf(document: string): [string, string][] {
  return document
    .split(/^(?=## )/m)
    .slice(1)
    .map((text) => [/^## (.*)/.exec(text)?.[1] ?? '', text.trimEnd()])
}

function layOutDated({ date, machine, versions }: Circumstances, section: Section): string {
  const told = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const [title, ...rest] = layOutSection(section).split('\n\n')
  return [title, `Measured on ${date}: ${machine}. ${told.join(' · ')}.`, ...rest].join('\n\n')
}
