import type { Operation } from '@landfall/contract'
import { type Handler, rejected } from './handler.ts'

type Action = Operation['action']

/** Handlers by entity and action. An operation for which there is none is rejected by name. */
export class HandlerRegistry {
  readonly #handlers = new Map<string, Partial<Record<Action, Handler>>>()

  register(entity: string, handlers: Partial<Record<Action, Handler>>): this {
    if (this.#handlers.has(entity)) throw new Error(`${entity} has handlers already`)
    this.#handlers.set(entity, handlers)
    return this
  }

  find({ entity, action }: Pick<Operation, 'entity' | 'action'>): Handler {
    const ofEntity = this.#handlers.get(entity)
    if (!ofEntity) return async () => rejected('unknown_entity')
    return ofEntity[action] ?? (async () => rejected('unknown_action'))
  }
}
