/** What one measure found, before it is laid out for a terminal or a document. */
export interface Section {
  title: string
  /** What was measured, and what one must know to read the numbers. */
  method: string
  tables: Table[]
  goals: Goal[]
  remarks: string[]
}

export interface Table {
  title: string
  columns: string[]
  rows: string[][]
}

/** A goal that the project has set itself, and what the run says of it. Nothing fails when it is missed. */
export interface Goal {
  goal: string
  found: string
  isMet: boolean
}
