import type { Goal, Section, Table } from './section.ts'

/** A section in Markdown; as it is padded, a terminal shows it as well. */
export function layOutSection(section: Section): string {
  return [
    `## ${section.title}`,
    section.method,
    ...section.tables.map(layOutTable),
    ...(section.goals.length > 0 ? [section.goals.map(layOutGoal).join('\n')] : []),
    ...(section.remarks.length > 0 ? [section.remarks.map((remark) => `- ${remark}`).join('\n')] : []),
  ].join('\n\n')
}

function layOutTable({ title, columns, rows }: Table): string {
  const widths = columns.map((column, index) =>
    Math.max(3, column.length, ...rows.map((row) => (row[index] ?? '').length)),
  )
  // What is counted stands on the right, so that its digits stand below each other.
  const line = (cells: string[]) =>
    `| ${widths.map((width, index) => pad(cells[index] ?? '', width, index)).join(' | ')} |`
  const rule = `| ${widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [`**${title}**`, '', line(columns), rule, ...rows.map(line)].join('\n')
}

const pad = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)

const layOutGoal = ({ goal, found, isMet }: Goal): string =>
  `- ${isMet ? 'Met' : '**Missed**'}: ${goal}. Found: ${found}.`
