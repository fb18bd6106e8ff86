'use client'

import type { Note } from '@landfall/local-db/tables'
import { notes } from '@landfall/local-db/tables'
import { eq } from 'drizzle-orm'
import { useWrite } from '../use-write.ts'

/** How long the server may take to say yes before whoever asked is told that it did not. */
const CONFIRMED_WITHIN_MS = 15_000

/** What a member does with notes. Each resolves to whether it was done; `problem` says why not. */
export function useWriteNotes() {
  const { write, problem, isBusy } = useWrite()
  return {
    problem,
    isBusy,
    insert: (leadId: string, body: string) =>
      write((tx) => tx.insert(notes).values({ leadId, body }), { label: 'Note' }),
    update: ({ id, version }: Note, body: string) =>
      write((tx) => tx.update(notes).set({ body }).where(eq(notes.id, id)), {
        label: 'Note changed',
        seenVersion: version,
      }),
    /** One's own goes at once. Of somebody else's the server is asked first: it knows whether that is still allowed. */
    remove: ({ id, version }: Note, isOwn: boolean) =>
      write((tx) => tx.delete(notes).where(eq(notes.id, id)), {
        label: 'Note deleted',
        seenVersion: version,
        ...(isOwn ? {} : { mode: 'confirmed', timeoutMs: CONFIRMED_WITHIN_MS }),
      }),
  }
}
