import { writeFile } from 'node:fs/promises'
import type { Circumstances } from './circumstances.ts'
import { layOutSection } from './layout.ts'
import type { Section } from './section.ts'

const DOCUMENT = new URL('../../../docs/BENCHMARKS.md', import.meta.url)

/** Writes a full run into `docs/BENCHMARKS.md`, in place of the one before. */
export async function writeDocument(circumstances: Circumstances, sections: readonly Section[]): Promise<void> {
  await writeFile(DOCUMENT, layOutDocument(circumstances, sections))
}

export function layOutDocument({ date, machine, versions }: Circumstances, sections: readonly Section[]): string {
  const goals = sections.flatMap((section) => section.goals)
  const told = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${[
    '# Benchmarks',
    'What writing a lead and following a shape cost, beside the cheapest thing that could do the work (the floor) and beside what one could use instead (the peers). All of it was measured in one run, each in turn with the others, on one machine that also ran the browser, the app, the database and the clients. Times depend on the machine; the ratios are what to look at.',
    `- **Date**: ${date}\n- **Machine**: ${machine}\n- **Versions**: ${told.join(' · ')}\n- **Goals met**: ${goals.filter((goal) => goal.isMet).length} of ${goals.length}`,
    'Written by `pnpm bench` (see [bench/README.md](../bench/README.md)); nothing here is edited by hand. p50 is the median, p95 the time that one in twenty exceeds, and the middle half lies between the first and the third quartile.',
    ...sections.map(layOutSection),
  ].join('\n\n')}\n`
}
