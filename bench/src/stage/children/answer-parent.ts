import { argv } from 'node:process'
import type { Question, Reply, TasksOf } from './child.ts'

/** What each kind of question is answered with. */
export type Answers<T extends TasksOf<T>> = {
  [Kind in keyof T]: (task: T[Kind]['task']) => Promise<T[Kind]['answer']> | T[Kind]['answer']
}

/** In the process itself: answers whoever started it. */
export function answerParent<T extends TasksOf<T>>(answers: Answers<T>): void {
  process.on('message', ({ id, kind, task }: Question) => {
    const answer = async () => {
      if (!(kind in answers)) throw new TypeError(`this process cannot be asked for ${kind}`)
      return answers[kind as keyof T](task)
    }
    answer().then(
      (found) => process.send?.({ id, answer: found } satisfies Reply),
      (error) => process.send?.({ id, failure: error instanceof Error ? (error.stack ?? '') : String(error) }),
    )
  })
  // Nobody would stop it any more.
  process.on('disconnect', () => process.exit(0))
}

export const childArgument = (): unknown => JSON.parse(argv[2] ?? 'null')
