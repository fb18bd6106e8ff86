'use client'

import type { FormDefinition } from '@landfall/contract'
import { useEntries } from '@landfall/lead-form'
import { useLeads, useLocalDb } from '@landfall/local-db/react'
import { Button, ButtonLink, EmptyState, InboxIcon, Notice, Skeleton } from '@landfall/ui'
import { useState } from 'react'
import { LeadRow } from './lead-row.tsx'

/** The tenant's leads, newest first, live; from this device, so also without a network. */
export function LeadBoard({ forms }: { forms: readonly FormDefinition[] }) {
  const leads = useLeads()
  const [showsSpam, setShowsSpam] = useState(false)
  const spam = leads?.filter((lead) => lead.status === 'spam') ?? []
  const shown = showsSpam ? spam : (leads?.filter((lead) => lead.status !== 'spam') ?? [])
  const fresh = leads?.filter((lead) => lead.status === 'new').length ?? 0

  return (
    <>
      <div className="dash-head">
        <h1>Leads</h1>
        <span className="dash-count" role="status">
          {leads ? count(shown.length, showsSpam ? undefined : fresh) : 'Loading…'}
        </span>
        <div className="dash-filters">
          <Button size="small" variant="quiet" aria-pressed={!showsSpam} onClick={() => setShowsSpam(false)}>
            Leads
          </Button>
          <Button size="small" variant="quiet" aria-pressed={showsSpam} onClick={() => setShowsSpam(true)}>
            Spam ({spam.length})
          </Button>
        </div>
      </div>
      <BoardNotices />
      {leads === undefined ? (
        <div className="dash-loading" aria-hidden="true">
          <Skeleton inlineSize="32%" />
          <Skeleton inlineSize="85%" />
          <Skeleton inlineSize="70%" />
        </div>
      ) : shown.length === 0 ? (
        <EmptyState title={showsSpam ? 'Nothing here' : 'No leads yet'} icon={<InboxIcon />}>
          {showsSpam
            ? 'What looks like spam waits here for your judgement; nothing is thrown away.'
            : 'As soon as somebody fills in a form on your site, the lead appears here by itself.'}
        </EmptyState>
      ) : (
        <table className="dash-table">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Message</th>
              <th scope="col">When</th>
              <th scope="col">Status</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((lead) => (
              <LeadRow key={lead.id} lead={lead} forms={forms} />
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

/** Without a number of new ones it is spam that is counted. */
function count(shown: number, fresh: number | undefined): string {
  if (shown === 0) return ''
  if (fresh === undefined) return `${shown} taken for spam`
  return `${shown} ${shown === 1 ? 'lead' : 'leads'}, ${fresh} new`
}

/** What keeps the board from being live, if anything. */
function BoardNotices() {
  const { status } = useLocalDb()
  const dead = useEntries().filter((entry) => entry.state === 'dead').length
  return (
    <>
      {status?.phase === 'failed' ? (
        <Notice tone="danger" role="alert" title="The leads on this device could not be opened">
          <p>{status.message} Reload the page to try again; nothing on the server is affected.</p>
        </Notice>
      ) : null}
      {status?.phase === 'ready' && status.sync.leads === 'unauthorized' ? (
        <Notice
          tone="warning"
          role="alert"
          title="You are no longer signed in"
          actions={<ButtonLink href="/sign-in">Sign in</ButtonLink>}
        >
          <p>What you see is what was on this device. Changes are kept and sent after you have signed in.</p>
        </Notice>
      ) : null}
      {dead > 0 ? (
        <Notice tone="warning" role="status">
          <p>{dead === 1 ? 'One change was' : `${dead} changes were`} not accepted by the server and taken back.</p>
        </Notice>
      ) : null}
    </>
  )
}
