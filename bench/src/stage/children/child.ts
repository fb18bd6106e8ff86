import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** What a process can be asked, by kind. */
export type TasksOf<T> = { [Kind in keyof T]: { task: unknown; answer: unknown } }

export type Question = { id: number; kind: string; task: unknown }
export type Reply = { id: number; answer: unknown } | { id: number; failure: string }

/** A process of its own that answers questions, so that nothing else here slows it, and it slows nothing. */
export interface Child<T extends TasksOf<T>> {
  ask<Kind extends keyof T & string>(kind: Kind, task: T[Kind]['task']): Promise<T[Kind]['answer']>
  stop(): Promise<void>
}

/** Starts a script that calls `answerParent`; it gets `argument` as JSON. */
export function startChild<T extends TasksOf<T>>(script: URL, argument: unknown): Child<T> {
  const child = fork(script, [JSON.stringify(argument)], {
    execArgv: ['--disable-warning=DEP0204', '--expose-gc'],
    serialization: 'advanced',
  })
  const open = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  child.on('message', (reply: Reply) => {
    const asked = open.get(reply.id)
    open.delete(reply.id)
    if ('failure' in reply) asked?.reject(new Error(reply.failure))
    else asked?.resolve(reply.answer)
  })
  child.on('exit', (code) => {
    for (const asked of open.values()) asked.reject(new Error(`${script.pathname} ended with ${code}`))
    open.clear()
  })
  let asked = 0
  return {
    ask(kind, task) {
      asked += 1
      const id = asked
      return new Promise((resolve, reject) => {
        // What comes back is what the kind promises: the process is started from the script that answers it.
        open.set(id, { resolve: resolve as (answer: unknown) => void, reject })
        child.send({ id, kind, task } satisfies Question)
      })
    },
    stop: () => end(child),
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
