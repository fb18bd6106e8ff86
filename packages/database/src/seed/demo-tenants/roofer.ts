import type { FormDefinitionInput, SiteContentInput } from '@landfall/contract'
import type { DemoTenant } from './demo-tenant.ts'

const site: SiteContentInput = {
  locale: 'en',
  business: { name: 'Acme Roofing', tagline: 'Roofers in Sheffield since 1987', initial: 'A' },
  theme: {
    light: {
      canvas: '#eef1f3',
      surface: '#ffffff',
      text: '#17222b',
      muted: '#495863',
      accent: '#a83a0c',
      onAccent: '#ffffff',
      spot: '#f5a524',
    },
    dark: {
      canvas: '#10171d',
      surface: '#19232b',
      text: '#e9eef1',
      muted: '#a3b1bb',
      accent: '#ffad45',
      onAccent: '#23110a',
      spot: '#f5a524',
    },
    typeface: 'archivo',
    corners: 'sharp',
    hero: 'roofline',
  },
  contact: {
    phone: { display: '0114 496 0182', dial: '+441144960182' },
    email: 'office@acme-roofing.test',
    address: ['Acme Roofing Ltd', '14 Burton Yard, Neepsend', 'Sheffield S3 8ZY'],
    hours: [
      { days: 'Monday to Friday', time: '7:30 – 17:30' },
      { days: 'Saturday', time: '8:00 – 12:00' },
      { days: 'Storm call-outs', time: 'any hour' },
    ],
  },
  nav: {
    services: 'What we do',
    about: 'How we work',
    reviews: 'Reviews',
    questions: 'Questions',
    contact: 'Get a quote',
  },
  hero: {
    eyebrow: 'Slate, tile and flat roofs across Sheffield',
    title: 'A dry roof, and a straight answer about it.',
    text: 'Tell us what you can see: a stain, a slipped slate, moss in the gutter. Dale or Priya comes out, goes up, and sends you photographs with a fixed price. If it can wait five years, we say so.',
    cta: 'Ask for a quote',
    points: ['Fixed price in writing', '10-year guarantee on re-roofs', 'Our own crew, no subcontractors'],
  },
  services: {
    title: 'What we do',
    text: 'Prices are what most three-bedroom terraces and semis come to. Yours is fixed before we start.',
    items: [
      {
        title: 'Leaks and slipped slates',
        text: 'Found from the inside first, mended from the outside. Most are done on the first visit.',
        detail: 'from £140',
      },
      {
        title: 'Full re-roof',
        text: 'Welsh or Spanish slate, clay or concrete tile, with breathable membrane and new battens.',
        detail: 'from £7,200',
      },
      {
        title: 'Flat roofs',
        text: 'Garages, dormers and extensions in EPDM rubber or fibreglass, insulated to current rules.',
        detail: 'from £1,150',
      },
      {
        title: 'Chimneys and leadwork',
        text: 'Repointing, flashing, caps, or taking the stack down when nobody lights a fire any more.',
        detail: 'from £320',
      },
      {
        title: 'Gutters, fascias and soffits',
        text: 'Cleared, realigned or replaced, seamless aluminium or cast iron for listed fronts.',
        detail: 'from £95',
      },
      {
        title: 'Storm call-out',
        text: 'Tarpaulin up the same day inside the ring road, photographs ready for your insurer.',
        detail: '£120, off the repair',
      },
    ],
  },
  about: {
    title: 'Nine people, four vans, one yard',
    paragraphs: [
      'Ray Hartley started with a ladder and a borrowed pickup. His daughter Dale runs the firm now, and six of the crew have been here longer than ten years. Between us we have been on top of most streets from Walkley to Woodseats.',
      'We do one job at a time. That is why we are sometimes booked three weeks ahead, and why your scaffold does not stand empty.',
    ],
    steps: {
      title: 'From phone call to last slate',
      items: [
        {
          title: 'We look',
          text: 'A visit within two working days. Photographs from the ladder, not from the pavement.',
        },
        { title: 'You get one price', text: 'On paper, split into materials and labour, good for sixty days.' },
        { title: 'We do the work', text: 'Scaffold, skip and permits are ours to arrange. Swept up every evening.' },
        { title: 'We come back', text: 'After the first winter, to check our own work. It costs you nothing.' },
      ],
    },
  },
  testimonials: {
    title: 'What people on these streets say',
    items: [
      {
        quote:
          'Two firms told me I needed a new roof. Acme replaced eleven slates and a length of flashing. That was three winters ago.',
        name: 'Margaret O.',
        role: 'Terrace in Crookes',
      },
      {
        quote: 'The price on the paper was the price on the invoice. My neighbour had them round the week after.',
        name: 'Tom and Ewa K.',
        role: 'Semi in Meersbrook',
      },
      {
        quote:
          'Rang at six with water coming through the landing. Tarpaulin was on by half past eight, in sideways rain.',
        name: 'Imran S.',
        role: 'Shop on London Road',
      },
    ],
  },
  faq: {
    title: 'Before you ask',
    items: [
      {
        question: 'Do you charge for a quote?',
        answer: 'No. If we find the leak while we are up there and it takes ten minutes, we usually just mend it.',
      },
      {
        question: 'How long does a re-roof take?',
        answer:
          'A terrace takes six to eight working days, a detached house two to three weeks. Rain stops us stripping, not working: the membrane goes on the same day as the slates come off.',
      },
      {
        question: 'Will you deal with my insurer?',
        answer:
          'We send photographs, a cause and a price in the form that loss adjusters ask for. The claim itself stays yours.',
      },
      {
        question: 'Do you need planning permission or building control?',
        answer:
          'Like for like rarely needs planning, unless the house is listed or in a conservation area. Building control has to know about most re-roofs, and we notify them for you.',
      },
      {
        question: 'Can I pay in parts?',
        answer:
          'A third when the scaffold is up, a third when the roof is watertight, a third when you have walked round it with us.',
      },
    ],
  },
  formSection: {
    title: 'Tell us what you can see',
    text: 'No need for the right words. We answer within one working day, and a real person reads it. No signal up in the loft? Send it anyway: it goes as soon as your phone is back online.',
  },
  footer: {
    text: 'We cover Sheffield, Rotherham, Dronfield and the Hope Valley.',
    legal: 'Acme Roofing Ltd is an invented company for demonstration.',
  },
  metadata: {
    title: 'Acme Roofing: slate, tile and flat roofs in Sheffield',
    description:
      'Leaks, re-roofs, flat roofs, chimneys and gutters in Sheffield. Photographs and a fixed price in writing, by a family firm since 1987.',
  },
}

const quoteForm: FormDefinitionInput = {
  formId: 'f_acmeroof01',
  version: 1,
  locale: 'en',
  title: 'Quote request',
  submitLabel: 'Send to Acme Roofing',
  thanks: 'Thank you. Dale or Priya will ring or write within one working day to fix a time for the visit.',
  fields: [
    { type: 'text', name: 'name', label: 'Your name', required: true, autocomplete: 'name' },
    { type: 'email', name: 'email', label: 'Email', required: true, autocomplete: 'email' },
    {
      type: 'phone',
      name: 'phone',
      label: 'Phone',
      help: 'Quickest, if it is raining in.',
      autocomplete: 'tel',
    },
    {
      type: 'select',
      name: 'job',
      label: 'What is it about?',
      required: true,
      placeholder: 'Choose the nearest',
      options: [
        { value: 'leak', label: 'A leak or slipped slates' },
        { value: 'reroof', label: 'A full re-roof' },
        { value: 'flat', label: 'A flat roof' },
        { value: 'chimney', label: 'Chimney or leadwork' },
        { value: 'gutters', label: 'Gutters, fascias or soffits' },
        { value: 'storm', label: 'Storm damage' },
        { value: 'other', label: 'Something else' },
      ],
    },
    {
      type: 'textarea',
      name: 'message',
      label: 'What can you see, and where is the house?',
      required: true,
      placeholder: 'Brown patch on the back bedroom ceiling since Sunday, Walkley',
      maxLength: 3000,
    },
    {
      type: 'consent',
      name: 'privacy',
      label: 'Contact',
      required: true,
      text: 'Acme Roofing may keep these details to answer my request. They are not passed on, and are deleted after two years without work.',
    },
  ],
}

export const roofer: DemoTenant = {
  id: '01939c80-5a00-7a01-8a01-0000000000a1',
  slug: 'acme',
  name: 'Acme Roofing',
  customDomains: ['www.acme-roofing.test'],
  site,
  forms: [quoteForm],
  admin: { name: 'Dale Hartley', email: 'owner@acme.test', password: 'landfall-demo' },
}
