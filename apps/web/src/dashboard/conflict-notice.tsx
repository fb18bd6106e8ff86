'use client'

import type { Lead } from '@landfall/local-db/tables'
import { Button, Notice } from '@landfall/ui'
import type { StatusConflict } from './status-conflict.ts'
import { statusLabel } from './status-labels.ts'
import { type EditableStatus, useEditStatus } from './use-edit-status.ts'

/** The status was set to what had given way. */
export interface StatusSwap {
  from: string
  to: string
}

export interface ConflictNoticeProps {
  lead: Lead
  who: string
  conflict: StatusConflict
  onSwapped: (swap: StatusSwap) => void
  onPutAway: () => void
}

/** Two people gave this lead a status: which one stands, and a way to the other. */
export function ConflictNotice({ lead, who, conflict, onSwapped, onPutAway }: ConflictNoticeProps) {
  const { edit, problem } = useEditStatus(lead)
  const { kept, lost, isMineKept } = conflict
  const swap = async () => {
    if (await edit(lost as EditableStatus)) onSwapped({ from: kept, to: lost })
  }
  const use = isMineKept ? 'Use theirs' : 'Use mine'
  return (
    <Notice
      className="dash-conflict"
      tone="warning"
      role="status"
      actions={
        <>
          <Button
            size="small"
            variant="secondary"
            aria-label={`${use} for ${who}: ${statusLabel(lost)}`}
            onClick={() => void swap()}
          >
            {use}
          </Button>
          <Button size="small" variant="quiet" aria-label={`Dismiss the note about ${who}`} onClick={onPutAway}>
            Dismiss
          </Button>
        </>
      }
    >
      <p>
        {isMineKept ? (
          <>
            Your <strong>{statusLabel(kept)}</strong> stands. Meanwhile somebody else had chosen{' '}
            <strong>{statusLabel(lost)}</strong>.
          </>
        ) : (
          <>
            Somebody else's <strong>{statusLabel(kept)}</strong> stands, because it is the later one. Yours was{' '}
            <strong>{statusLabel(lost)}</strong>.
          </>
        )}
      </p>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </Notice>
  )
}

export interface SwappedNoticeProps {
  lead: Lead
  who: string
  swap: StatusSwap
  onDone: () => void
}

/** After a swap: what was done, and the way back. */
export function SwappedNotice({ lead, who, swap, onDone }: SwappedNoticeProps) {
  const { edit, problem } = useEditStatus(lead)
  const undo = async () => {
    if (await edit(swap.from as EditableStatus)) onDone()
  }
  return (
    <Notice
      className="dash-conflict"
      role="status"
      actions={
        <>
          <Button size="small" variant="secondary" aria-label={`Undo for ${who}`} onClick={() => void undo()}>
            Undo
          </Button>
          <Button size="small" variant="quiet" aria-label={`Dismiss the note about ${who}`} onClick={onDone}>
            Dismiss
          </Button>
        </>
      }
    >
      <p>
        Changed from <strong>{statusLabel(swap.from)}</strong> to <strong>{statusLabel(swap.to)}</strong>.
      </p>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </Notice>
  )
}
