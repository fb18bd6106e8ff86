import type { LeadToStore } from '../harness/database.ts'

const HOUR = 60
const DAY = 24 * HOUR

const lead = (
  name: string,
  email: string,
  job: string,
  message: string,
  status: LeadToStore['status'],
  receivedMinutesAgo: number,
  more: { phone?: string; offlineMinutes?: number; spamReasons?: LeadToStore['spamReasons'] } = {},
): LeadToStore => ({
  values: { name, email, job, message, privacy: true, ...(more.phone ? { phone: more.phone } : {}) },
  status,
  receivedMinutesAgo,
  offlineMinutes: more.offlineMinutes ?? 0,
  spamReasons: more.spamReasons ?? [],
})

/** A week in the inbox of the roofer. */
export const businessLeads: readonly LeadToStore[] = [
  lead(
    'Margaret Holroyd',
    'margaret.holroyd@example.com',
    'leak',
    'Slates have come off above the back bedroom and there is a damp patch the size of a plate.',
    'new',
    6,
    { offlineMinutes: 47, phone: '0114 496 0131' },
  ),
  lead(
    'Priya Raman',
    'priya.raman@example.com',
    'flat',
    'The felt on the dormer has lifted at one corner since the wind on Monday. I can send photos.',
    'new',
    38,
  ),
  lead(
    'Tom Whitaker',
    'tom@example.com',
    'flat',
    'The flat roof over the garage pools water. Could somebody look at it before the autumn?',
    'reviewing',
    5 * HOUR,
  ),
  lead(
    'Siobhán Kelly',
    'siobhan.kelly@example.com',
    'reroof',
    'Terraced house in Crookes, 1904, original slates. Two firms told us to replace everything; we would like a third opinion from somebody who repairs, too. Access from the back is through a shared yard, and the neighbours know that scaffolding may be needed for a while.',
    'contacted',
    DAY + 2 * HOUR,
    { phone: '0114 496 0178' },
  ),
  lead(
    'Imran Sadiq',
    'imran.sadiq@example.com',
    'other',
    'Buying a house in Walkley; the survey says the roof has five years. Is that right?',
    'won',
    3 * DAY,
  ),
  lead(
    'Gwen Oakes',
    'gwen.oakes@example.com',
    'leak',
    'Water comes in round the chimney when it rains from the west.',
    'lost',
    6 * DAY,
    { offlineMinutes: 3 * HOUR },
  ),
  lead(
    'SEO Rankings Team',
    'offers@rank-first.example',
    'other',
    'Dear owner, your website is not on page one. We guarantee the first place in 48 hours.',
    'spam',
    9 * HOUR,
    { spamReasons: ['decoy', 'too_many_links'] },
  ),
  lead('Lucky winner', 'prize@example.net', 'other', 'Claim now claim now claim now', 'spam', 2 * DAY, {
    spamReasons: ['too_fast'],
  }),
]
