import { HandlerRegistry } from '../engine/handler-registry.ts'
import { insertLead } from './insert-lead.ts'
import { updateLead } from './update-lead.ts'

/** Everything a device may write. */
export function createHandlerRegistry(): HandlerRegistry {
  return new HandlerRegistry().register('lead', { insert: insertLead, update: updateLead })
}
