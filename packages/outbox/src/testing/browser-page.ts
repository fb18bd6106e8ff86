import { uuidv7 } from 'uuidv7'
import { drainAll, Outbox } from '../index.ts'
import { someEdit } from './some-edit.ts'
import { someWrite } from './some-write.ts'

/** What a test reaches inside the page. */
const testPage = { Outbox, drainAll, uuidv7, someEdit, someWrite, outboxes: new Map<string, Outbox>() }

export type TestPage = typeof testPage

declare global {
  interface Window {
    testPage: TestPage
  }
}

window.testPage = testPage
