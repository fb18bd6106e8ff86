import type { Attribution } from '@landfall/contract'
import { HIDDEN_FIELDS } from './hidden-fields.ts'

/** What a plain post says besides the fields: version, id, and where the visitor came from. */
export function HiddenInputs({
  version,
  submissionId,
  attribution = {},
}: {
  version: number
  submissionId: string
  attribution?: Attribution | undefined
}) {
  return (
    <>
      <input type="hidden" name={HIDDEN_FIELDS.version} value={version} />
      <input type="hidden" name={HIDDEN_FIELDS.submissionId} value={submissionId} suppressHydrationWarning />
      {Object.entries(attribution).map(([name, value]) => (
        <input key={name} type="hidden" name={HIDDEN_FIELDS.attributionPrefix + name} value={value} />
      ))}
    </>
  )
}
