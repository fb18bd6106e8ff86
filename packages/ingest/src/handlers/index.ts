import { HandlerRegistry } from '../engine/handler-registry.ts'
import { FormVersionCache } from '../forms/form-version-cache.ts'
import { amendLead } from './amend-lead.ts'
import { deleteNote } from './delete-note.ts'
import { editLead } from './edit-lead.ts'
import { editNote } from './edit-note.ts'
import { insertLead } from './insert-lead.ts'
import { insertNote } from './insert-note.ts'
import { withdrawLead } from './withdraw-lead.ts'

/** Everything a device may write. One registry serves a process; it remembers the form versions that it has seen. */
export function createHandlerRegistry(): HandlerRegistry {
  const forms = new FormVersionCache()
  return new HandlerRegistry()
    .register('lead', {
      visitor: { insert: insertLead(forms), update: amendLead(forms), delete: withdrawLead() },
      member: { update: editLead(forms) },
    })
    .register('note', { member: { insert: insertNote(), update: editNote(), delete: deleteNote() } })
}
