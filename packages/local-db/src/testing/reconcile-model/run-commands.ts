import { expect } from 'vitest'
import type { Command } from './commands.ts'
import { expectedNotes } from './expected-notes.ts'
import type { ModelDevice } from './model-device.ts'

/** Does what the plan says, and looks after every command whether the views show what they have to, and all that waits. */
export async function runCommands(device: ModelDevice, commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    await runCommand(device, command)
    expect(await device.shown(), `after ${command.kind}`).toEqual(await expectedNotes(device.pg))
    expect(await device.missing(), `missing after ${command.kind}`).toEqual([])
  }
}

async function runCommand(device: ModelDevice, command: Command): Promise<void> {
  switch (command.kind) {
    case 'write':
      await device.write(command.writes)
      if (command.page) await device.reconcile([command.page])
      return
    case 'reconcile':
      return device.reconcile(command.pages, command.turns, command.between)
    case 'deliver':
      return device.deliver(command.page, command.weathers)
    case 'arrive':
      return device.arrive(command.transactions)
    case 'refetch':
      return device.refetch()
    case 'edit-by-other': {
      const ids = [...device.server.notes.keys()]
      const id = ids[command.row % Math.max(1, ids.length)]
      if (id) device.server.editByOther(id, `other ${command.body}`)
      return
    }
    case 'take-back':
      return device.takeBack(command.page, command.entry)
    case 'keep-copy':
      return device.keepCopy()
    case 'fall-back':
      return device.fallBack(command.isEmpty)
  }
}
