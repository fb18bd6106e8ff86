import { useLiveQuery } from '@electric-sql/pglite-react'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { LocalDbProvider, useEnquiries, useLocalDb } from '../react/index.ts'
import { queuedLead } from './queue-entry.ts'

function Enquiries() {
  const enquiries = useEnquiries()
  const { db, status } = useLocalDb()
  const counted = useLiveQuery<{ count: number }>('SELECT count(*)::integer AS count FROM enquiries')
  return (
    <>
      <p id="count">{counted?.rows[0]?.count ?? 'not yet'}</p>
      <p id="phase">{status?.phase ?? 'closed'}</p>
      <ul>{enquiries?.map((row) => <li key={row.lead_id}>{row.label}</li>) ?? <li>not yet</li>}</ul>
      <button id="write" type="button" onClick={() => db?.reconcile([queuedLead(1)])}>
        Write
      </button>
    </>
  )
}

function App() {
  const [isWanted, setIsWanted] = useState(false)
  return (
    // A new object at every render, as apps write it: it must not reopen anything.
    <LocalDbProvider options={isWanted ? { owner: 'acme', workerUrl: window.workerUrl, shapes: [] } : null}>
      <button id="toggle" type="button" onClick={() => setIsWanted(!isWanted)}>
        Toggle
      </button>
      <Enquiries />
    </LocalDbProvider>
  )
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
