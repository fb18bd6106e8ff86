import { env } from 'node:process'
import { afterEach, expect, test } from 'vitest'
import { chromiumLaunchOptions, chromiumPath } from './index.ts'

const before = env.CHROMIUM_PATH

afterEach(() => {
  if (before === undefined) delete env.CHROMIUM_PATH
  else env.CHROMIUM_PATH = before
})

test('a browser that is named is taken before any that is found', () => {
  env.CHROMIUM_PATH = '/opt/my-chromium'
  expect(chromiumPath()).toBe('/opt/my-chromium')
  expect(chromiumLaunchOptions()).toMatchObject({ executablePath: '/opt/my-chromium' })
})

test('an empty name counts as none', () => {
  env.CHROMIUM_PATH = ''
  expect(chromiumPath()).not.toBe('')
})
