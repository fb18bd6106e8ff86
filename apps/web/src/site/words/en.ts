import type { Words } from './words.ts'

export const en: Words = {
  skipToContent: 'Skip to the content',
  mainNavigation: 'Main',
  menu: 'Menu',
  call: 'Call',
  phone: 'Phone',
  email: 'Email',
  address: 'Address',
  hours: 'Opening hours',
  required: 'required',
  enquiries: {
    title: 'Your enquiries',
    intro: 'Everything you have sent us from this device, and how far it has got. Nobody else sees this list.',
    empty: 'Nothing sent from this device yet.',
    needsScript:
      'This list lives on your device, and needs JavaScript to be read. What you sent has reached us all the same.',
    back: 'Back to the site',
  },
  sent: { title: 'We have your message', home: 'Back to the site' },
  notFound: {
    title: 'There is no page here',
    text: 'The address may have changed, or a letter went missing on the way.',
    home: 'To the start page',
  },
  offline: {
    title: 'You are offline',
    text: 'This page is not on your device yet. It opens as soon as there is a connection again.',
    kept: 'What you have already sent is kept on this device and goes out by itself.',
    home: 'To the start page',
  },
}
