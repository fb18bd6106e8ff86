/** What sets a lead apart for the tenant to judge. Nothing here drops one, and its visitor is answered as ever. */
export const SPAM_THRESHOLDS = {
  /** Nobody reads a form, fills it in and sends it in less. */
  minFilledInMs: 2_000,
  /** Links that need no words around them: a site of one's own is fine. */
  freeLinks: 1,
  /** Words that each link needs beside it when there are more. */
  wordsPerLink: 10,
  /** However many words there are. */
  maxLinks: 8,
  /** Leads that one device may capture within the window; more than that is no person at a form. */
  maxLeadsPerWindow: 30,
  /** How recent a capture must be to count: what a device saved up while it was offline does not. */
  windowMs: 5 * 60_000,
} as const

export type SpamThresholds = { readonly [Name in keyof typeof SPAM_THRESHOLDS]: number }
