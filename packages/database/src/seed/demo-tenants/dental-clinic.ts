import type { FormDefinitionInput, SiteContentInput } from '@landfall/contract'
import type { DemoTenant } from './demo-tenant.ts'

const site: SiteContentInput = {
  locale: 'en',
  business: { name: 'Lumen Dental', tagline: 'A calm dental practice by the harbour', initial: 'L' },
  theme: {
    light: {
      canvas: '#f2f8f6',
      surface: '#ffffff',
      text: '#12302f',
      muted: '#48625f',
      accent: '#0b665f',
      onAccent: '#ffffff',
      spot: '#ffd46b',
    },
    dark: {
      canvas: '#0a1b1c',
      surface: '#11282a',
      text: '#e3f1ee',
      muted: '#9dbab5',
      accent: '#83d9c9',
      onAccent: '#06211e',
      spot: '#f7cb62',
    },
    typeface: 'fraunces-figtree',
    corners: 'round',
    hero: 'windows',
  },
  contact: {
    phone: { display: '0117 496 0347', dial: '+441174960347' },
    email: 'hello@lumen-dental.test',
    address: ['Lumen Dental', '3 Redcliffe Sail Loft', 'Bristol BS1 6ZZ'],
    hours: [
      { days: 'Monday, Wednesday, Friday', time: '8:30 – 17:30' },
      { days: 'Tuesday, Thursday', time: '10:00 – 20:00' },
      { days: 'First Saturday of the month', time: '9:00 – 13:00' },
    ],
  },
  nav: {
    services: 'Treatments',
    about: 'Your first visit',
    reviews: 'Patients',
    questions: 'Questions',
    contact: 'Book a visit',
  },
  hero: {
    eyebrow: 'Private dentistry in Redcliffe, Bristol',
    title: 'Dentistry at an unhurried pace',
    text: 'Forty-five minutes for a check-up. A dentist who explains before she begins, and stops when you raise a hand. North light, no radio, and the fees on the wall.',
    cta: 'Request a visit',
    points: ['New patients welcome', 'Evenings on Tuesday and Thursday', 'Step-free from the street'],
  },
  services: {
    title: 'Treatments and fees',
    text: 'Every fee includes follow-up. You get a written plan with prices before anything beyond a check-up.',
    items: [
      {
        title: 'Check-up',
        text: 'Teeth, gums, jaw and soft tissue, with low-dose X-rays only when they would change the advice.',
        detail: '£68 · 45 min',
      },
      {
        title: 'Hygiene',
        text: 'With Aoife or Daniel. Warm water, gentle ultrasonics, and no lecture about flossing.',
        detail: '£74 · 40 min',
      },
      {
        title: 'White fillings',
        text: 'Composite matched to your tooth in daylight, which is why the chairs face the windows.',
        detail: 'from £120',
      },
      {
        title: 'Crowns and onlays',
        text: 'Scanned, milled here and fitted the same day. No putty and no temporary.',
        detail: 'from £690',
      },
      {
        title: 'Clear aligners',
        text: 'For crowding and gaps. We tell you when a brace, or nothing at all, would serve you better.',
        detail: 'from £2,400',
      },
      {
        title: 'Nervous patients',
        text: 'A first conversation in the front room, away from the chair. Sedation with a visiting anaesthetist.',
        detail: 'first talk free',
      },
    ],
  },
  about: {
    title: 'What happens at a first visit',
    paragraphs: [
      'Dr Hana Lindqvist opened Lumen in 2014, after ten years in a hospital where every appointment was too short. The practice has three chairs and takes on no more patients than it has time for.',
    ],
    steps: {
      title: 'Your first visit, step by step',
      items: [
        {
          title: 'Tea, and a form you have already filled in',
          text: 'Come ten minutes early, or exactly on time. We run to the clock.',
        },
        { title: 'A conversation', text: 'What hurts, what worries you, what you would rather never happen again.' },
        {
          title: 'A careful look',
          text: 'You see what we see, on the screen in front of you, and can stop at any point.',
        },
        { title: 'A plan on one page', text: 'What is urgent, what can wait, what it costs. Take it home and think.' },
      ],
    },
  },
  testimonials: {
    title: 'In patients’ words',
    items: [
      {
        quote: 'I had not sat in a dentist’s chair for fourteen years. On the first visit I did not have to.',
        name: 'Callum R.',
        role: 'patient since 2021',
      },
      {
        quote: 'They talked me out of a crown that I was ready to pay for. The filling has been fine ever since.',
        name: 'Beatriz M.',
        role: 'patient since 2017',
      },
      {
        quote: 'My daughter asks when we go back. I did not know that children did that.',
        name: 'Nadia H.',
        role: 'mother of two patients',
      },
    ],
  },
  faq: {
    title: 'Good to know',
    items: [
      {
        question: 'Can you see me today if I am in pain?',
        answer:
          'We keep two appointments free every weekday morning. Call at 8:30 and we will nearly always find one, also if you are not registered here.',
      },
      {
        question: 'Do you take NHS patients?',
        answer: 'Only children of registered patients, up to their eighteenth birthday. For adults we are private.',
      },
      {
        question: 'Is there a membership?',
        answer:
          'Yes: £19.50 a month covers two check-ups, two hygiene visits and a tenth off everything else. It can be ended at any time.',
      },
      {
        question: 'How do I change an appointment?',
        answer:
          'Up to 24 hours before, free of charge: reply to the reminder or call. After that we ask for £30, unless you are ill.',
      },
      {
        question: 'Is the practice accessible?',
        answer:
          'Step-free from the street, one chair with side transfer, a hearing loop at reception. Two parking bays stand behind the building; tell us and we hold one.',
      },
    ],
  },
  formSection: {
    title: 'Request a visit',
    text: 'Tell us when suits you and we call or write with two times to choose from, usually the same day. Please leave medical details for the visit.',
  },
  footer: {
    text: 'Registered patients in urgent need outside our hours: call, and the message gives you the number of the dentist on duty.',
    legal: 'Lumen Dental is an invented practice for demonstration.',
  },
  metadata: {
    title: 'Lumen Dental: unhurried dentistry in Bristol',
    description:
      'A private dental practice by Bristol harbour. Long appointments, clear fees, evenings on Tuesday and Thursday. New patients welcome.',
  },
}

const visitForm: FormDefinitionInput = {
  formId: 'f_lumendental01',
  version: 1,
  locale: 'en',
  title: 'Visit request',
  submitLabel: 'Request a visit',
  thanks: 'Thank you. We will suggest two times, usually the same day. If you are in pain, please call us as well.',
  fields: [
    { type: 'text', name: 'name', label: 'Name', required: true, autocomplete: 'name' },
    { type: 'phone', name: 'phone', label: 'Phone', required: true, autocomplete: 'tel' },
    { type: 'email', name: 'email', label: 'Email', autocomplete: 'email', help: 'For the written confirmation.' },
    {
      type: 'select',
      name: 'preferred_time',
      label: 'When suits you?',
      required: true,
      placeholder: 'Choose a time',
      options: [
        { value: 'early', label: 'Mornings before ten' },
        { value: 'day', label: 'During the day' },
        { value: 'evening', label: 'Tuesday or Thursday evening' },
        { value: 'saturday', label: 'A Saturday' },
        { value: 'urgent', label: 'As soon as possible, I am in pain' },
      ],
    },
    { type: 'checkbox', name: 'new_patient', label: 'I have not been to Lumen before' },
    {
      type: 'textarea',
      name: 'message',
      label: 'Anything we should know?',
      help: 'If the thought of a dentist frightens you, this is a good place to say so.',
      maxLength: 2000,
    },
    {
      type: 'consent',
      name: 'privacy',
      label: 'Contact',
      required: true,
      text: 'Lumen Dental may use these details to arrange my visit. Unanswered requests are deleted after six months.',
    },
  ],
}

export const dentalClinic: DemoTenant = {
  id: '01939c80-5a00-7a02-8a02-0000000000b2',
  slug: 'lumen',
  name: 'Lumen Dental',
  customDomains: [],
  site,
  forms: [visitForm],
  admin: { name: 'Hana Lindqvist', email: 'owner@lumen.test', password: 'landfall-demo' },
}
