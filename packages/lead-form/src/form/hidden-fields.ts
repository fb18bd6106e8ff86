/** Names of the form's own fields in a plain post; a definition cannot use the prefix. */
export const HIDDEN_FIELDS = {
  version: 'lf_version',
  submissionId: 'lf_submission',
  /** Attribution fields follow with this prefix, as in `lf_utm_source`. */
  attributionPrefix: 'lf_at_',
} as const
