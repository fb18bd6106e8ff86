import { describe, expect, test } from 'vitest'
import { judgeSpam, rejudgeSpam } from './judge-spam.ts'
import { SPAM_THRESHOLDS } from './spam-thresholds.ts'

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ')
const says = (message: string) => judgeSpam({}, { name: 'Ada', message })

describe('a lead', () => {
  test('of a person has no reason against it', () => {
    expect(says('Could you look at the roof on Tuesday?')).toEqual([])
    expect(judgeSpam({ filledInMs: SPAM_THRESHOLDS.minFilledInMs, decoy: '' }, { name: 'Ada', ok: true })).toEqual([])
  })

  test.each([
    ['one link in a long message', `${words(40)} https://my-house.test/roof.jpg`],
    ['one link alone, as in a field for one’s site', 'https://my-house.test'],
    ['an address of mail', 'write to ada@example.com or eve@example.com or www@example.com'],
    ['two links among many words', `${words(20)} https://a.test www.b.test`],
    ['two links among many words of another script', `https://a.test www.b.test ${'مرحبا بكم '.repeat(10)}`],
  ])('with %s is not set apart', (_, message) => {
    expect(says(message)).toEqual([])
  })

  test.each([
    ['links and hardly a word', 'buy http://a.test http://b.test'],
    ['links written as HTML', '<a href="http://a.test">x</a> <a href="http://b.test">y</a>'],
    ['links written for boards', '[url=http://a.test]x[/url] [url=http://b.test]y[/url]'],
    ['links in capitals', 'HTTP://A.TEST WWW.B.TEST'],
    ['more links than any message needs', `${words(900)} ${'http://a.test '.repeat(9)}`],
  ])('with %s is set apart', (_, message) => {
    expect(says(message)).toEqual(['too_many_links'])
  })

  test('with links spread over its fields is set apart', () => {
    expect(judgeSpam({}, { name: 'http://a.test', company: 'http://b.test' })).toEqual(['too_many_links'])
  })

  test('is given every reason that there is', () => {
    const reasons = judgeSpam({ decoy: 'x', filledInMs: 0 }, { message: 'http://a.test http://b.test' })
    expect(reasons).toEqual(['decoy', 'too_fast', 'too_many_links'])
  })

  test('that was amended keeps what was seen when it was sent, and is judged by what it says now', () => {
    const before = ['too_fast', 'too_many_links', 'too_many_at_once'] as const
    expect(rejudgeSpam(before, { message: 'Sorry' })).toEqual(['too_fast', 'too_many_at_once'])
    expect(rejudgeSpam([], { message: 'http://a.test http://b.test' })).toEqual(['too_many_links'])
  })

  test('cannot make the judging slow', () => {
    const beganAt = performance.now()
    says('http://'.repeat(700) + 'w'.repeat(5_000) + 'www.'.repeat(1_000))
    expect(performance.now() - beganAt).toBeLessThan(200)
  })
})
