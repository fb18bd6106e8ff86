import { inspect } from 'node:util'
import { drainAll, Outbox } from '@landfall/outbox'
import { uuidAt } from '../seeded-random.ts'
import type { RunResult } from '../tally.ts'
import { Actor } from './actor.ts'
import { garble } from './garble.ts'
import { judge } from './judge.ts'
import { inModelWorld, type ModelWorld } from './model-world.ts'
import type { Plan, Step } from './plan.ts'
import { compose, type Written } from './written.ts'

interface Tab {
  actor: Actor
  outbox: Outbox
}

const MOST_TABS = 4
/** After the last fault: longer than any wait that a server may ask for. */
const CALM_MS = 3 * 60 * 60_000
/** Four tabs that look after the queue once a minute, and as much again for what they have to do. */
const MOST_RINGS_IN_CALM = 1_500

/** Runs a plan to its end: what happens, then fine weather, then the count. */
export function runPlan(seed: number, plan: Plan): Promise<RunResult> {
  return inModelWorld(seed, (world) => new Run(world).run(plan))
}

class Run {
  readonly #world: ModelWorld
  readonly #queue: string
  readonly #person = new Actor('the person', 'person')
  readonly #written: Written[] = []
  readonly #findings: string[] = []
  /** Marks that whoever finds the device could read, at any time. */
  readonly #readableMarks = new Set<string>()
  #tabs: Tab[] = []
  #workers: Actor[] = []
  #opened = 0

  constructor(world: ModelWorld) {
    this.#world = world
    this.#queue = uuidAt(world.time.now(), world.random)
  }

  async run(plan: Plan): Promise<RunResult> {
    const onRejection = (reason: unknown) => this.#noteRejection(reason)
    process.on('unhandledRejection', onRejection)
    try {
      await this.#open()
      for (const step of plan.steps) await this.#do(step)
      return await this.#end(plan)
    } finally {
      for (const tab of this.#tabs) tab.actor.die()
      process.off('unhandledRejection', onRejection)
    }
  }

  async #do(step: Step): Promise<void> {
    const { time, network, storage } = this.#world
    switch (step.do) {
      case 'open':
        return this.#open()
      case 'write':
        // Whoever wants to write opens the page first.
        if (this.#tabs.length === 0) this.#open()
        return this.#onTab(step.tab, (tab) => this.#write(tab, step.kind))
      case 'turns':
        return time.turns(step.count)
      case 'pass':
        return this.#pass(step.ms)
      case 'weather':
        return network.change(step.weathers)
      case 'kill':
        return this.#onTab(step.tab, (tab) => this.#kill(tab))
      case 'kill-worker':
        for (const worker of this.#workers) this.#die(worker)
        return
      case 'kill-all':
        for (const tab of [...this.#tabs]) this.#kill(tab)
        for (const worker of this.#workers) this.#die(worker)
        return
      case 'wake-worker':
        return this.#wakeWorker()
      case 'event':
        return this.#onTab(step.tab, ({ actor }) => {
          if (step.type === 'online' || step.type === 'pageshow') return actor.fire(step.type)
          actor.isVisible = step.type === 'show'
          actor.fire('visibilitychange')
        })
      case 'flush':
        return this.#onTab(step.tab, ({ outbox }) => void outbox.flush({ urgency: step.urgency }))
      case 'set-clock':
        return time.jump(step.byMs)
      case 'storage':
        return storage.plan(step.fault)
      case 'clear-site-data':
        return this.#clearSiteData()
      case 'garble':
        return garble(this.#queue, step.what, this.#world.random)
      case 'find-device':
        return this.#noteReadable(await this.#readDisk())
      case 'resend':
        return this.#onTab(step.tab, (tab) => void this.#resend(tab, step.isCorrected).catch(() => {}))
      case 'discard':
        return this.#onTab(step.tab, (tab) => void this.#discard(tab).catch(() => {}))
    }
  }

  #onTab(index: number, work: (tab: Tab) => void): void {
    const tab = this.#tabs[index % Math.max(1, this.#tabs.length)]
    if (tab) tab.actor.run(() => work(tab))
  }

  #open(): void {
    if (this.#tabs.length >= MOST_TABS) return
    this.#opened += 1
    const actor = new Actor(`tab ${this.#opened}`, 'tab')
    const outbox = actor.run(
      () => new Outbox({ queue: this.#queue, tenantId: this.#queue, kind: 'visitor', endpoint: '/api/sync/batch' }),
    )
    this.#tabs.push({ actor, outbox })
    // A tab whose storage fails at its start goes on, as the page does.
    actor.run(() => void outbox.start().catch(() => {}))
  }

  #write(tab: Tab, kind: Parameters<typeof compose>[0]): void {
    const { random, time } = this.#world
    const composed = compose(kind, this.#written, random, time.now())
    this.#written.push(...composed.map(({ written }) => written))
    tab.outbox.enqueue(...composed.map(({ write }) => write)).then(
      (views) => {
        if (!tab.actor.isAlive) return
        composed.forEach(({ written }, index) => {
          written.isAcknowledged = true
          written.opId = views[index]?.opId ?? ''
        })
      },
      () => {
        if (!tab.actor.isAlive) return
        for (const { written } of composed) written.isRefused = true
      },
    )
  }

  /** A person looks at a letter, and sends it again as it is or corrected. */
  async #resend({ actor, outbox }: Tab, isCorrected: boolean): Promise<void> {
    const letter = (await outbox.readEntries()).find((entry) => entry.state === 'dead')
    const payload = letter && (await outbox.payloadOf(letter.opId))
    if (!letter || !payload || letter.groupId) return
    const written = this.#written.find((one) => one.mark === payload.mark)
    const again = await outbox.resend(letter.opId, isCorrected ? { ...payload, isPoisoned: false } : undefined)
    if (!again || !written || !actor.isAlive) return
    written.opId = again.opId
    written.isResent = true
    if (isCorrected) written.isPoisoned = false
  }

  async #discard({ actor, outbox }: Tab): Promise<void> {
    const letter = (await outbox.readEntries()).find((entry) => entry.state === 'dead')
    if (!letter) return
    const written = this.#written.find((one) => one.opId === letter.opId)
    // From the moment of the wish it is no longer kept for the person.
    if (written && actor.isAlive) written.isDiscarded = true
    await outbox.discard(letter.opId)
  }

  #wakeWorker(): void {
    const worker = new Actor(`worker ${this.#workers.length}`, 'worker')
    this.#workers.push(worker)
    worker.run(() => void drainAll({ urgency: 'eager' }).catch(() => {}))
  }

  #kill(tab: Tab): void {
    this.#tabs = this.#tabs.filter((other) => other !== tab)
    this.#die(tab.actor)
  }

  #die(actor: Actor): void {
    this.#person.run(() => actor.die())
    this.#world.time.forget(actor)
  }

  /** The browser ends every page and deletes everything; what was not delivered by then, its person has deleted. */
  async #clearSiteData(): Promise<void> {
    for (const tab of [...this.#tabs]) this.#kill(tab)
    for (const worker of this.#workers) this.#die(worker)
    await this.#world.time.settle()
    for (const { name } of await this.#person.run(() => this.#world.storage.factory.databases())) {
      if (name?.startsWith('landfall-')) this.#person.run(() => indexedDB.deleteDatabase(name))
    }
    await this.#world.time.settle()
    for (const one of this.#written) one.isErased = true
  }

  async #pass(ms: number): Promise<void> {
    if (!(await this.#world.time.advance(ms))) this.#findings.push('something never comes to rest')
  }

  /** Fine weather and sound storage; whoever is left must bring everything to its end by itself. */
  async #end(plan: Plan): Promise<RunResult> {
    const { network, storage, server } = this.#world
    network.change([])
    storage.mend()
    if (plan.endsInFreshTab) for (const tab of [...this.#tabs]) this.#kill(tab)
    if (this.#tabs.length === 0) this.#open()
    for (const { actor } of this.#tabs) actor.isVisible = true
    for (const { actor } of this.#tabs) actor.fire('visibilitychange')
    const ringsBefore = this.#world.time.rings
    await this.#pass(CALM_MS)
    const rings = this.#world.time.rings - ringsBefore
    if (rings > MOST_RINGS_IN_CALM)
      this.#findings.push(`it wakes without end: ${rings} timers in ${CALM_MS / 60_000} min`)

    const [tab] = this.#tabs
    if (!tab) throw new Error('a tab is open at the end')
    const entries = await this.#ask(tab, () => tab.outbox.readEntries())
    const readableLetters = new Set<string>()
    for (const { opId, state } of entries ?? []) {
      const payload = state === 'dead' ? await this.#ask(tab, () => tab.outbox.payloadOf(opId)) : null
      if (this.#written.some((one) => one.mark === payload?.mark)) readableLetters.add(opId)
    }
    const setApart = await this.#ask(tab, () => tab.outbox.readQuarantine())
    this.#noteReadable(await this.#readDisk())
    const result = judge({
      written: this.#written,
      server,
      entries: entries ?? [],
      readableLetters,
      isDamaged: plan.steps.some((step) => step.do === 'garble'),
      setApart: new Set(setApart?.map(({ key }) => key)),
      readableMarks: this.#readableMarks,
    })
    return { ...result, findings: [...result.findings, ...this.#findings] }
  }

  #noteReadable(disk: string): void {
    for (const { mark } of this.#written) if (disk.includes(mark)) this.#readableMarks.add(mark)
  }

  async #ask<T>(tab: Tab, question: () => Promise<T>): Promise<T | undefined> {
    let answer: T | undefined
    tab.actor.run(() =>
      question().then(
        (value) => {
          answer = value
        },
        (error: unknown) =>
          this.#findings.push(`the device cannot be read: ${String(error)} (${String((error as Error).cause)})`),
      ),
    )
    await this.#world.time.settle()
    return answer
  }

  /** Everything in every database, as one text. */
  async #readDisk(): Promise<string> {
    const { time } = this.#world
    const found: unknown[] = []
    const reader = new Actor('whoever finds the device', 'person')
    for (const { name } of await reader.run(() => indexedDB.databases())) {
      if (!name?.startsWith('landfall-')) continue
      reader.run(() => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => {
          const stores = [...opening.result.objectStoreNames]
          for (const store of stores) {
            const reading = opening.result.transaction(store).objectStore(store).getAll()
            reading.onsuccess = () => found.push(reading.result)
          }
          opening.result.close()
        }
      })
      await time.settle()
    }
    return inspect(found, { depth: null, maxArrayLength: null, maxStringLength: null })
  }

  #noteRejection(reason: unknown): void {
    const isOfTheDead = this.#workers.some((worker) => !worker.isAlive) || this.#opened > this.#tabs.length
    if (!isOfTheDead) this.#findings.push(`nobody handled: ${String(reason)}`)
  }
}
