import { type Rejected, rejected } from '../engine/handler.ts'
import { actorId, type Principal } from '../principal.ts'
import { isUnread, type StoredLead } from './stored-lead.ts'

export type OwnLead = { outcome: 'own'; lead: StoredLead } | Rejected

/** Whether a lead is still its visitor's to change. Somebody else's is answered like one that does not exist. */
export function checkOwnUnread(principal: Principal, lead: StoredLead | undefined): OwnLead {
  if (!lead || lead.clientId !== actorId(principal)) return rejected('not_found')
  if (lead.status === 'withdrawn') return rejected('withdrawn')
  if (!isUnread(lead)) return rejected('already_read')
  return { outcome: 'own', lead }
}
