import type { RouteHandler } from '../test-site.ts'

const ANSWER_BYTES = 10 * 1024 * 1024
const pad = (order: number) => order.toString(16).padStart(12, '0')

function leadRow(order: number): Record<string, string | null> {
  const id = `0199a000-0000-7000-8000-${pad(order)}`
  return {
    id,
    form_id: 'f_viewing1',
    form_version: '3',
    values: JSON.stringify({
      name: `Visitor ${order}`,
      email: `visitor.${order}@example.com`,
      phone: '+49 170 0000000',
      message: 'I would like to see the flat on the second floor; "mornings" suit me best.\nThank you — Grüße',
      consent: true,
    }),
    attribution: JSON.stringify({ utm_source: 'newsletter', utm_campaign: 'spring', landing_path: '/flats' }),
    status: 'new',
    spam_reasons: '[]',
    consents: JSON.stringify([{ id: 'privacy', version: 2, givenAt: '2026-01-01T10:00:00.000Z' }]),
    captured_at: '2026-01-01 10:00:00+00',
    received_at: '2026-01-01 10:00:02.5+00',
    captured_offline: order % 7 === 0 ? 'true' : 'false',
    clock_skew_ms: String(order % 2000),
    updated_at: '2026-01-01 10:00:02.5+00',
    version: '1',
    write_id: id,
  }
}

/** Answers of a shape of `count` leads, as the shape server cuts them, made once so that serving them costs nothing. */
export function leadShape(count: number): { handler: RouteHandler; answers: number; bytes: number } {
  const parts: string[][] = [[]]
  let bytes = 0
  for (let order = 0; order < count; order += 1) {
    const row = leadRow(order)
    const headers = { operation: 'insert', relation: ['public', 'leads'] }
    const text = JSON.stringify({ key: `"public"."leads"/"${row.id}"`, value: row, headers })
    if (bytes + text.length > ANSWER_BYTES) {
      parts.push([])
      bytes = 0
    }
    bytes += text.length + 1
    parts.at(-1)?.push(text)
  }
  const visibility = { control: 'snapshot-end', xmin: '1000', xmax: '1000', xip_list: [] }
  parts.at(-1)?.push(JSON.stringify({ headers: visibility }))
  const answers = parts.map((messages) => Buffer.from(`[${messages.join(',')}]`))

  const handler: RouteHandler = (_request, url, response) => {
    const offset = url.searchParams.get('offset') ?? '-1'
    const headers = {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'electric-handle': 'leads-1',
      'electric-schema': '{}',
    }
    const place = offset === '-1' ? 0 : Number(offset.split('_')[1]) + 1
    const answer = answers[place]
    if (answer) return void response.writeHead(200, { ...headers, 'electric-offset': `0_${place}` }).end(answer)
    if (url.searchParams.get('live') === 'true') return
    const end = '[{"headers":{"control":"up-to-date","global_last_seen_lsn":"100"}}]'
    response.writeHead(200, { ...headers, 'electric-offset': '0_inf', 'electric-up-to-date': '' }).end(end)
  }
  return { handler, answers: answers.length, bytes: answers.reduce((sum, { length }) => sum + length, 0) }
}
