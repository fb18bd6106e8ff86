import type { Operation } from '@landfall/contract'
import type { Principal } from '../principal.ts'
import { type Handler, type Rejected, rejected } from './handler.ts'

type HandlersByAction = Partial<Record<Operation['action'], Handler>>
export type HandlersOfEntity = Partial<Record<Principal['kind'], HandlersByAction>>

export type FoundHandler = { outcome: 'found'; handler: Handler } | Rejected

/** Handlers by entity, by who writes, and by action. An operation for which there is none is rejected by name. */
export class HandlerRegistry {
  readonly #handlers = new Map<string, HandlersOfEntity>()

  register(entity: string, handlers: HandlersOfEntity): this {
    if (this.#handlers.has(entity)) throw new Error(`${entity} has handlers already`)
    this.#handlers.set(entity, handlers)
    return this
  }

  has(entity: string): boolean {
    return this.#handlers.has(entity)
  }

  find(principal: Principal, { entity, action }: Pick<Operation, 'entity' | 'action'>): FoundHandler {
    const ofEntity = this.#handlers.get(entity)
    if (!ofEntity) return rejected('unknown_entity')
    const handler = ofEntity[principal.kind]?.[action]
    if (handler) return { outcome: 'found', handler }
    const isKnown = Object.values(ofEntity).some((byAction) => byAction[action])
    return isKnown
      ? rejected('not_allowed', { detail: `Not for a ${principal.kind} to do.` })
      : rejected('unknown_action')
  }
}
