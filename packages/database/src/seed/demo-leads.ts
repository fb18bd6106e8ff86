import type { LeadStatus, LeadValues, SpamReason } from '@landfall/contract'

/** A lead that a demo tenant starts with. Times are minutes before the seed ran. */
export interface DemoLead {
  values: LeadValues
  status: LeadStatus
  spamReasons?: SpamReason[]
  receivedMinutesAgo: number
  /** How long it waited on the device; 0 for a lead that was sent online. */
  offlineMinutes: number
  /** What the tenant's owner wrote beside it, oldest first. */
  notes?: { body: string; writtenMinutesAgo: number }[]
}

const MINUTES_A_DAY = 24 * 60

/** By slug. Values fit version 1 of the tenant's contact form. */
export const demoLeads: Record<string, DemoLead[]> = {
  acme: [
    {
      values: {
        name: 'Margaret Holroyd',
        email: 'margaret.holroyd@example.com',
        job: 'leak',
        message: 'Slates have come off above the back bedroom and there is a damp patch the size of a plate.',
        privacy: true,
      },
      status: 'new',
      receivedMinutesAgo: 18,
      offlineMinutes: 47,
    },
    {
      values: {
        name: 'Tom Whitaker',
        email: 'tom@example.com',
        job: 'flat',
        message: 'The flat roof over the garage pools water. Could somebody look at it before the autumn?',
        privacy: true,
      },
      status: 'reviewing',
      receivedMinutesAgo: 5 * 60,
      offlineMinutes: 0,
      notes: [
        { body: 'Rang him. He is in after four, any day but Thursday.', writtenMinutesAgo: 4 * 60 },
        { body: 'Felt roof, about 18 m². Wants a price for EPDM as well.', writtenMinutesAgo: 3 * 60 },
      ],
    },
    {
      values: {
        name: 'Imran Sadiq',
        email: 'imran.sadiq@example.com',
        job: 'other',
        message: 'Buying a house in Walkley; the survey says the roof has five years. Is that right?',
        privacy: true,
      },
      status: 'won',
      receivedMinutesAgo: 3 * MINUTES_A_DAY,
      offlineMinutes: 0,
      notes: [
        {
          body: "Surveyor's report is in the post. He completes at the end of the month.",
          writtenMinutesAgo: 2 * MINUTES_A_DAY,
        },
      ],
    },
    {
      values: {
        name: 'Rank Higher Today',
        email: 'outreach@rank-higher.test',
        job: 'other',
        message: 'http://rank-higher.test http://rank-higher.test/roofers http://rank-higher.test/offer',
        privacy: true,
      },
      status: 'spam',
      spamReasons: ['too_fast', 'too_many_links'],
      receivedMinutesAgo: 26 * 60,
      offlineMinutes: 0,
    },
  ],
  lumen: [
    {
      values: {
        name: 'Elena Fischer',
        phone: '030 901820',
        email: 'elena.fischer@example.com',
        preferred_time: 'early',
        new_patient: true,
        message: 'I have put off a check-up for four years and am a little nervous. Do you have a quiet hour?',
        privacy: true,
      },
      status: 'new',
      receivedMinutesAgo: 42,
      offlineMinutes: 0,
    },
    {
      values: {
        name: 'Daniel Okafor',
        phone: '030 901821',
        email: 'daniel@example.com',
        preferred_time: 'urgent',
        message: 'My daughter chipped a front tooth at football. It does not hurt, but it has an edge.',
        privacy: true,
      },
      status: 'contacted',
      receivedMinutesAgo: MINUTES_A_DAY,
      offlineMinutes: 95,
      notes: [
        { body: 'Called back, offered Wednesday 15:30. The mother will ring to confirm.', writtenMinutesAgo: 20 * 60 },
      ],
    },
    {
      values: {
        name: 'Best Casino',
        phone: '000 000000',
        email: 'win@best-casino.test',
        preferred_time: 'early',
        message: 'You have been chosen.',
        privacy: true,
      },
      status: 'spam',
      spamReasons: ['decoy'],
      receivedMinutesAgo: 2 * MINUTES_A_DAY,
      offlineMinutes: 0,
    },
  ],
  jusoor: [
    {
      values: {
        name: 'ليلى حداد',
        email: 'layla@example.com',
        phone: '0790000001',
        language: 'german',
        level: 'some',
        message: 'أرغب في تعلّم الألمانية قبل السفر للدراسة في الخريف. هل توجد دورة مكثفة؟',
        privacy: true,
      },
      status: 'new',
      receivedMinutesAgo: 65,
      offlineMinutes: 130,
    },
    {
      values: {
        name: 'سامر قاسم',
        email: 'samer@example.com',
        phone: '0790000002',
        language: 'english',
        message: 'ابني في الصف السادس ويحتاج إلى تقوية في الإنجليزية بعد المدرسة.',
        privacy: true,
      },
      status: 'reviewing',
      receivedMinutesAgo: 2 * MINUTES_A_DAY,
      offlineMinutes: 0,
      notes: [{ body: 'اتصلت به، يفضّل المساء بعد السادسة.', writtenMinutesAgo: 30 * 60 }],
    },
  ],
}
