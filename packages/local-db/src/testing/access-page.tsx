import { Outbox } from '@landfall/outbox'
import { asc, eq } from 'drizzle-orm'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import type { LocalDb, LocalDbOptions } from '../index.ts'
import { LocalDbProvider, useLiveQuery, useLocalDb } from '../react/index.ts'
import { leads, notes } from '../schema/generated/tables.ts'
import { DEVICE_OWNER } from './device-owner.ts'

/** What a test reaches inside the page. */
export interface AccessPage {
  db: LocalDb | undefined
  tables: { leads: typeof leads; notes: typeof notes }
}

declare global {
  interface Window {
    accessPage: AccessPage
  }
}

window.accessPage = { db: undefined, tables: { leads, notes } }

function Notes({ leadId }: { leadId: string }) {
  const { rows, error, isLoading } = useLiveQuery((db) =>
    db
      .select({ id: notes.id, body: notes.body, createdAt: notes.createdAt, status: leads.status })
      .from(notes)
      .leftJoin(leads, eq(leads.id, notes.leadId))
      .where(eq(notes.leadId, leadId))
      .orderBy(asc(notes.body)),
  )
  return (
    <>
      <p id="state">{error ? error.message : isLoading ? 'loading' : 'live'}</p>
      <ul>
        {rows?.map(({ id, body, createdAt }) => (
          <li key={id}>
            {body} {createdAt instanceof Date ? 'dated' : 'undated'}
          </li>
        ))}
      </ul>
    </>
  )
}

function Page() {
  const { db, status } = useLocalDb()
  const [lead, setLead] = useState(1)
  window.accessPage.db = db
  return (
    <>
      <p id="phase">{status?.phase ?? 'closed'}</p>
      <button id="next" type="button" onClick={() => setLead(lead + 1)}>
        Next
      </button>
      <Notes leadId={`019a0000-0000-7000-8000-00000000000${lead}`} />
    </>
  )
}

const outbox = new Outbox({
  queue: DEVICE_OWNER,
  tenantId: DEVICE_OWNER.split('.')[0] ?? '',
  kind: 'member',
  endpoint: '/api/sync/batch',
})
await outbox.start()
const options: LocalDbOptions = {
  owner: DEVICE_OWNER,
  workerUrl: window.workerUrl,
  shapes: [],
  queue: outbox,
}
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <LocalDbProvider options={options}>
        <Page />
      </LocalDbProvider>
    </StrictMode>,
  )
}
