import * as z from 'zod'
import { cleanText, composeText } from './clean-text.ts'
import type { FieldProblem } from './field-problem.ts'
import { uuidV7 } from './ids.ts'
import { LIMITS } from './limits.ts'

const say = (problem: FieldProblem) => ({ error: problem })

/** Plain text of a note, trimmed and in Unicode NFC; 1 to `LIMITS.noteLength` characters. Messages are `FieldProblem`s. */
export const noteBody = z
  .string(say('not_text'))
  .transform((body) => composeText(cleanText(body)).trim())
  .refine((body) => body !== '', say('required'))
  .refine((body) => [...body].length <= LIMITS.noteLength, say('too_long'))

/** Payload of `note.insert` by a member. Who wrote it is the member whose session sends it. */
export const noteInsert = z.strictObject({ leadId: uuidV7, body: noteBody })
export type NoteInsert = z.output<typeof noteInsert>

/** Payload of `note.update` by its author. */
export const noteUpdate = z.strictObject({ body: noteBody })
export type NoteUpdate = z.output<typeof noteUpdate>

/** Payload of `note.delete` by its author, or by who looks after the workspace. */
export const noteDelete = z.strictObject({})
