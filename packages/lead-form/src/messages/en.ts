import type { Messages } from './messages.ts'

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

export const en: Messages = {
  problems: {
    required: 'Please fill this in.',
    consent_required: 'We need your agreement to answer you.',
    not_text: 'This cannot be read; please type it again.',
    too_long: 'This is too long; please shorten it.',
    not_an_email: 'Please check the address; it should look like name@example.com.',
    not_a_phone_number: 'Please enter a phone number, with digits only or with + and spaces.',
    not_an_option: 'Please choose one of the options.',
    unknown_field: 'This field is no longer part of the form.',
  },
  optional: '(optional)',
  choose: 'Please choose',
  summary: (fields) => `${plural(fields, 'field needs', 'fields need')} your attention`,
  saving: 'Saving…',
  saved: {
    title: 'Saved on this device',
    offline: 'There is no connection right now.',
    online: 'It is on its way.',
    waiting: 'It could not be sent yet, and is tried again by itself.',
    mayClose:
      'It is sent as soon as possible, also when you close this page. Only a private window has to stay open until then.',
    keptHere:
      'It is sent as soon as possible while this site is open. Should you close it, it waits here for your next visit; only a private window has to stay open until it is sent.',
    keepOpen:
      'Please keep this page open until it is sent. Should you have to close it, come back soon: it waits here, but a browser may clear what a site keeps, and a private window always does.',
  },
  sent: {
    title: 'Sent',
    notListed: 'This browser keeps nothing for this site, so the message is not among your enquiries here.',
  },
  rejected: {
    title: 'This could not be accepted',
    text: 'What you wrote is kept on this device. Correct it and send it again.',
    correct: 'Correct and send again',
  },
  lost: {
    title: 'This is no longer saved on this device',
    text: 'The storage of this site was cleared before the message was sent. What you wrote is still on this page.',
    again: 'Look at it and send it again',
  },
  rejections: {
    malformed: 'The message could not be read.',
    unknown_entity: 'This kind of message is not taken here.',
    unknown_action: 'This kind of message is not taken here.',
    unknown_form: 'This form is no longer in use.',
    unknown_form_version: 'This version of the form is not known.',
    invalid_values: 'Some fields need another look.',
    field_not_allowed: 'The message holds something that may not be sent.',
    not_allowed: 'This is not allowed from here.',
    not_found: 'It is no longer there.',
    id_already_used: 'Something else was sent under the same number.',
    group_failed: 'Another part of the same change was not accepted.',
    already_read: 'It has already been read, so it can no longer be changed from here.',
    withdrawn: 'It had been taken back before this arrived.',
    too_large: 'This is too large to be sent.',
    outdated: 'It was written for an earlier version of this site, which took something else.',
  },
  unkept: {
    blocked: 'The browser does not let this page store anything.',
    quota: 'The storage of this device is full.',
    failed: 'The storage of this device failed.',
    newer: 'A newer version of this site is open in this browser and has taken over its storage.',
  },
  notSent: {
    title: 'Your message is not sent yet',
    unreachable: 'There is no connection to the server. Please send again when there is one.',
    busy: 'The server has too much to do just now. Please send again in a few minutes.',
    failed: 'The server cannot take it just now. Please send again in a moment.',
    kept: 'What you typed is still in the form.',
    stay: 'So please stay on this page until the message is sent.',
  },
  amend: {
    known: 'Change what you like. It is sent as soon as possible.',
    unknown:
      'This device keeps nothing of what it has delivered, so the form is empty. Only what you fill in is changed; everything else stays as you sent it.',
    asItIs: 'Leave as it is',
    save: 'Save the change',
    cancel: 'Cancel',
    unkept: 'Your change could not be saved',
  },
  letters: {
    download: 'Download a copy',
    downloadFailed: 'The copy could not be made. Please try again.',
    discard: 'Delete',
    discardUnreadableQuestion: 'Delete this record from your device? It cannot be brought back.',
    unreadable: {
      entries: 'A message that could not be read',
      drafts: 'An unfinished form that could not be read',
      meta: 'A setting that could not be read',
    },
    unreadableReasons: {
      unknown_layout: 'Another version of this site has written it.',
      bad_record: 'The storage of this device has damaged it.',
      content_missing: 'Its text is missing on this device.',
      key_missing: 'The key that protects it is no longer on this device.',
      seal_broken: 'It was changed from outside, so it is not trusted.',
    },
  },
  another: 'Send another',
  seeEnquiries: 'Your enquiries',
  draftRestored: 'We kept what you had typed here.',
  clearDraft: 'Start over',
  offlineHint: 'You are offline. You can still send: it is kept on this device and goes out by itself.',
  offlineUnkept:
    'You are offline, and this browser keeps nothing for this site. Please stay on this page and send when you are online.',
  decoy: 'Leave this empty',
  sync: {
    online: 'Online',
    offline: 'Offline',
    offlinePending: (pending) => `Offline · ${pending} waiting`,
    pending: (pending) => `${pending} waiting to be sent`,
    syncing: 'Sending…',
    waiting: (problem, time) => (time ? `${problem} Next try at ${time}.` : problem),
    dead: (count) => `${plural(count, 'message needs', 'messages need')} a look`,
    sendNow: 'Send now',
    lastSynced: (ago) => `Last synced ${ago}`,
    live: {
      connecting: 'Connecting…',
      reconnecting: 'Reconnecting…',
      refused: 'No live updates',
      failed: 'Live updates failed. Trying again…',
    },
  },
  deliveryProblems: {
    network: 'No connection to the server.',
    server: 'The server cannot take it just now.',
    refused: 'The server refused it.',
  },
}
