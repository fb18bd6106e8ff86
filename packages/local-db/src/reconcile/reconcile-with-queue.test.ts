import type { PGlite } from '@electric-sql/pglite'
import type { Outbox } from '@landfall/outbox'
import { uuidv7 } from 'uuidv7'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { createOutboxDevice, type OutboxDevice } from '../testing/outbox-device.ts'
import { giveUpWritten } from './give-up-written.ts'
import { mergedKeysOf } from './merged-keys.ts'
import type { OperationQueue } from './operation-queue.ts'
import { reconcileWithQueue, WrongOwnerError } from './reconcile-with-queue.ts'
import { BehindRefusedError } from './transfer.ts'

describe('reconciling with the outbox', () => {
  let pg: PGlite
  let device: OutboxDevice
  let outbox: Outbox
  beforeEach(async () => {
    device = createOutboxDevice()
    outbox = device.open()
    pg = await createMemoryDatabase()
  }, 60_000)
  afterEach(async () => {
    await device.closeAll()
    await pg.close()
  })

  const run = (queue: OperationQueue = outbox) => reconcileWithQueue(pg, queue, device.owner, mergedKeysOf)
  const operations = async () =>
    (
      await pg.query<{ op_id: string; action: string; state: string; changes: unknown }>(
        'SELECT op_id, action, state, changes FROM sync_operations ORDER BY place',
      )
    ).rows
  const queued = async () => (await outbox.readSnapshot()).entries
  const notes = async () => (await pg.query('SELECT id, body FROM notes ORDER BY body')).rows
  const write = (...statements: [sql: string, params: unknown[]][]) =>
    pg.transaction(async (tx) => {
      for (const [sql, params] of statements) await tx.query(sql, params)
    })
  const insertNote = (id: string, body: string): [string, unknown[]] => [
    'INSERT INTO notes (id, lead_id, body) VALUES ($1, $2, $3)',
    [id, id, body],
  ]
  const updateNote = (id: string, body: string): [string, unknown[]] => [
    'UPDATE notes SET body = $2 WHERE id = $1',
    [id, body],
  ]
  const deleteNote = (id: string): [string, unknown[]] => ['DELETE FROM notes WHERE id = $1', [id]]
  const deliver = async () => {
    device.setOnline(true)
    await outbox.flush({ urgency: 'now' })
    await run()
  }

  it('hands over what was written, once, and delivers what it says', async () => {
    const id = uuidv7()
    await write(insertNote(id, 'first'))
    const [written] = await operations()
    expect(written).toMatchObject({ state: 'written' })
    await run()
    await run()
    expect(await operations()).toEqual([{ ...written, state: 'queued' }])
    await deliver()
    expect(device.arrived).toMatchObject([
      { opId: written?.op_id, entity: 'note', action: 'insert', entityId: id, payload: { leadId: id, body: 'first' } },
    ])
    expect(device.arrived[0]).not.toHaveProperty('groupId')
    expect(await operations()).toMatchObject([{ state: 'delivered' }])
  })

  it('changes nothing when it is repeated', async () => {
    await write(insertNote(uuidv7(), 'a'), insertNote(uuidv7(), 'b'))
    await run()
    const rows = () => pg.query('SELECT *, xmin::text FROM sync_operations ORDER BY op_id')
    const [before, entries] = [(await rows()).rows, await queued()]
    await run()
    expect((await rows()).rows).toEqual(before)
    expect(await queued()).toEqual(entries)
  })

  it('leaves the database alone when another tab has done it all', async () => {
    await write(insertNote(uuidv7(), 'a'))
    await run()
    await outbox.flush()
    await run()
    const asked: string[] = []
    const watched = {
      query: async (sql: string, params: unknown[]) => {
        asked.push(sql)
        return pg.query(sql, params)
      },
    }
    await reconcileWithQueue(watched, outbox, device.owner, mergedKeysOf)
    expect(asked.every((sql) => sql.startsWith('SELECT'))).toBe(true)
    expect(await queued()).toHaveLength(1)
  })

  it('sends what one transaction wrote as one group', async () => {
    const [first, second] = [uuidv7(), uuidv7()]
    await write(insertNote(first, 'a'), insertNote(second, 'b'))
    await write(insertNote(uuidv7(), 'c'))
    await run()
    const [a, b, c] = await queued()
    expect(a?.groupId).toMatch(/^[0-9a-f-]{36}$/)
    expect(b?.groupId).toBe(a?.groupId)
    expect(c?.groupId).toBeNull()
    await write(updateNote(first, 'changed'))
    await run()
    // What stands or falls with another is not folded.
    expect((await queued()).map(({ action }) => action)).toEqual(['insert', 'insert', 'insert', 'update'])
  })

  it('folds an update into an insert that was never sent, also when the outbox has that already', async () => {
    const id = uuidv7()
    await write(insertNote(id, 'first'))
    await run()
    await outbox.flush()
    await write(updateNote(id, 'second'))
    await write(updateNote(id, 'third'))
    const last = (await operations()).at(-1)
    await run()
    expect(await operations()).toMatchObject([{ op_id: last?.op_id, action: 'insert', state: 'queued' }])
    expect(await notes()).toEqual([{ id, body: 'third' }])
    await deliver()
    expect(device.arrived).toMatchObject([
      { opId: last?.op_id, action: 'insert', payload: { leadId: id, body: 'third' } },
    ])
  })

  it('sends nothing of a row that was inserted and deleted before anything was sent', async () => {
    const [inOutbox, alone, together] = [uuidv7(), uuidv7(), uuidv7()]
    await write(insertNote(inOutbox, 'a'))
    await run()
    await outbox.flush()
    await write(deleteNote(inOutbox))
    await write(insertNote(alone, 'b'))
    await write(deleteNote(alone))
    await write(insertNote(together, 'c'), updateNote(together, 'd'), deleteNote(together))
    await run()
    expect(await operations()).toEqual([])
    expect(await notes()).toEqual([])
    await deliver()
    expect(device.arrived).toEqual([])
  })

  it('puts an update behind an insert that was tried, because nobody knows what became of it', async () => {
    const id = uuidv7()
    device.setOnline(true)
    device.answer = () => {
      throw new Error('the answer is lost')
    }
    await write(insertNote(id, 'first'))
    await run()
    await outbox.flush({ urgency: 'now' })
    await write(updateNote(id, 'second'))
    await run()
    expect((await queued()).map(({ action }) => action)).toEqual(['insert', 'update'])
    expect(await notes()).toEqual([{ id, body: 'second' }])
  })

  it('does not fold what must be answered for by itself', async () => {
    const id = uuidv7()
    await write(insertNote(id, 'first'))
    await run()
    await outbox.flush()
    await write(updateNote(id, 'confirmed'), [
      'UPDATE sync_operations SET group_id = transaction_id WHERE transaction_id = current_setting($1)::uuid',
      ['landfall.transaction_id'],
    ])
    await run()
    await write(updateNote(id, 'later'))
    await run()
    expect((await queued()).map(({ changes }) => changes?.body)).toEqual(['first', 'confirmed', 'later'])
    expect(await notes()).toEqual([{ id, body: 'later' }])
  })

  it('leaves alone what is written and was never in the outbox while another tab mirrors', async () => {
    const id = uuidv7()
    await write(insertNote(id, 'mine'))
    const blind: OperationQueue = Object.assign(Object.create(outbox) as Outbox, {
      put: () => Promise.reject(new Error('full')),
      readSnapshot: outbox.readSnapshot,
    })
    expect((await run(blind)).refused).toHaveLength(1)
    expect(await operations()).toMatchObject([{ state: 'written' }])
    expect(await notes()).toEqual([{ id, body: 'mine' }])
  })

  it('tells what the outbox does not take, and hands over the others but for that row', async () => {
    const [large, small] = [uuidv7(), uuidv7()]
    await write(insertNote(large, 'x'.repeat(70_000)))
    await write(deleteNote(small))
    await write(insertNote(small, 'small'))
    const [poison] = await operations()
    const { refused } = await run()
    expect(refused).toEqual([{ opId: poison?.op_id, error: expect.any(RangeError) }])
    expect((await queued()).map(({ entityId }) => entityId)).toEqual([small])

    await write(updateNote(large, 'y'.repeat(70_000)), insertNote(uuidv7(), 'with it'))
    const { refused: more } = await run()
    expect(more.map(({ error }) => error.constructor)).toEqual([RangeError, BehindRefusedError, BehindRefusedError])
    expect(
      await giveUpWritten(
        pg,
        outbox,
        more.map(({ opId }) => opId),
      ),
    ).toBe(true)
    expect(await notes()).toEqual([{ id: small, body: 'small' }])
    expect((await run()).refused).toEqual([])
  })

  it('gives up nothing that the outbox has', async () => {
    const [id, other] = [uuidv7(), uuidv7()]
    await write(insertNote(id, 'kept'))
    const [kept] = await operations()
    await run()
    await write(insertNote(other, 'not handed over'))
    const ids = (await operations()).map(({ op_id }) => op_id)
    expect(await giveUpWritten(pg, outbox, ids)).toBe(false)
    expect(await notes()).toHaveLength(2)
    await outbox.flush()
    await write(updateNote(id, 'folded'))
    await run()
    expect(await giveUpWritten(pg, outbox, [kept?.op_id ?? ''])).toBe(false)
  })

  it('takes nothing of a database that belongs to somebody else', async () => {
    await pg.query('INSERT INTO local_owner (owner) VALUES ($1)', [`${uuidv7()}.${uuidv7()}`])
    await write(insertNote(uuidv7(), 'theirs'))
    await expect(run()).rejects.toThrow(WrongOwnerError)
    expect(await queued()).toEqual([])
    await pg.query('UPDATE local_owner SET owner = $1', [device.owner])
    await run()
    expect(await queued()).toHaveLength(1)
  })

  it('rolls a refused write back, and keeps its values as a dead letter', async () => {
    const id = uuidv7()
    await write(insertNote(id, 'not wanted'))
    device.answer = ({ opId }) => ({ opId, outcome: 'rejected', reason: 'not_allowed' })
    await run()
    await deliver()
    expect(await notes()).toEqual([])
    expect(await operations()).toMatchObject([{ state: 'dead', changes: { leadId: id, body: 'not wanted' } }])
  })

  describe('two at once, without the lock', () => {
    /** A run that stands before its `put` until it is let go on. */
    async function runUpToPut() {
      let goOn = () => {}
      let arrive = () => {}
      const isAllowed = new Promise<void>((resolve) => {
        goOn = resolve
      })
      const hasArrived = new Promise<void>((resolve) => {
        arrive = resolve
      })
      const put: OperationQueue['put'] = async (...given) => {
        arrive()
        await isAllowed
        return outbox.put(...given)
      }
      const queue = Object.assign(Object.create(outbox) as Outbox, { readSnapshot: outbox.readSnapshot, put })
      const done = run(queue)
      await hasArrived
      return () => {
        goOn()
        return done
      }
    }

    it('does not bring back what the other has folded', async () => {
      const id = uuidv7()
      await write(insertNote(id, 'first'))
      const finish = await runUpToPut()
      await write(updateNote(id, 'second'))
      await run()
      await finish()
      await run()
      expect(await queued()).toMatchObject([{ action: 'insert', changes: { body: 'second' } }])
    })

    it('does not fold what the other has handed over meanwhile', async () => {
      const id = uuidv7()
      await write(insertNote(id, 'first'))
      const finishAlone = await runUpToPut()
      await write(updateNote(id, 'second'))
      const finishFolded = await runUpToPut()
      await finishAlone()
      expect((await finishFolded()).refused).toHaveLength(2)
      await outbox.flush()
      await run()
      await deliver()
      expect(device.arrived.map(({ action, payload }) => [action, payload.body])).toEqual([['insert', 'second']])
      expect(await notes()).toEqual([{ id, body: 'second' }])
    })
  })

  it('has no second effect when it hands over what the outbox delivered and forgot long ago', async () => {
    const ledger = new Map<string, string>()
    const effects: string[] = []
    device.answer = (operation) => {
      const { opId } = operation
      const [first, content] = [ledger.get(opId), JSON.stringify(operation)]
      if (first !== undefined && first !== content) return { opId, outcome: 'rejected', reason: 'id_already_used' }
      if (first === undefined) effects.push(opId)
      ledger.set(opId, content)
      return { opId, outcome: first === undefined ? 'applied' : 'duplicate', txid: 7, version: 1 }
    }
    const id = uuidv7()
    await write(insertNote(id, 'first'))
    await run()
    await deliver()
    await device.forgetDelivered()
    await pg.query(`UPDATE sync_operations SET state = 'written', txid = NULL, version = NULL, delivered_at = NULL`)
    await run()
    await deliver()
    expect(device.arrived).toHaveLength(2)
    expect(device.arrived[1]).toEqual(device.arrived[0])
    expect(effects).toHaveLength(1)
    expect(await operations()).toMatchObject([{ state: 'delivered' }])
  })

  it('fills an empty database from the outbox', async () => {
    const id = uuidv7()
    await write(insertNote(id, 'first'))
    await run()
    const again = await createMemoryDatabase()
    await reconcileWithQueue(again, outbox, device.owner, mergedKeysOf)
    expect((await again.query('SELECT id, body FROM notes')).rows).toEqual([{ id, body: 'first' }])
    await again.close()
  })
})
