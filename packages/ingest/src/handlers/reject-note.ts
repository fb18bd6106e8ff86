import { isFieldProblem } from '@landfall/contract'
import { type Rejected, rejected } from '../engine/handler.ts'
import { rejectPayload } from './reject-payload.ts'

/** Of a note's payload that its schema refuses: what is wrong with the text, or else with the rest. */
export function rejectNote(issues: Parameters<typeof rejectPayload>[0]): Rejected {
  const [issue] = issues
  const isOfBody = issues.length === 1 && issue?.path[0] === 'body'
  if (isOfBody && isFieldProblem(issue.message)) return rejected('invalid_values', { fields: { body: issue.message } })
  return rejectPayload(issues)
}
