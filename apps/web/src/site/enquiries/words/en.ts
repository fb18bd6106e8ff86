import type { EnquiryWords } from '../words.ts'

export const en: EnquiryWords = {
  steps: {
    saved: () => 'Saved on this device',
    sent: () => 'Sent',
    received: (business) => `Received by ${business}`,
    reviewing: (business) => `${business} is looking at it`,
    contacted: (business) => `${business} has contacted you`,
    closed: () => 'Completed',
    failed: () => 'Could not be accepted',
    withdrawing: () => 'Waiting to be withdrawn',
    withdrawn: () => 'Withdrawn',
  },
  upcoming: {
    sent: () => 'Waiting to be sent',
    received: (business) => `Waiting for ${business}`,
    reviewing: (business) => `${business} will look at it`,
  },
  sending: 'Sending…',
  discard: 'Delete',
  discardQuestion: 'Delete this message from your device? It has not been delivered.',
  empty: {
    title: 'Nothing sent from this device yet',
    text: 'What you send with the form appears here, also while you are offline, and follows along until it is done.',
    action: 'Go to the form',
  },
  loading: 'Looking up the latest news…',
  change: 'Change',
  changePending: 'Your change is saved on this device and on its way.',
  changed: 'You changed it',
  withdraw: 'Withdraw',
  withdrawQuestion: (business) =>
    `Withdraw this enquiry? What you wrote is deleted at ${business}, and nobody answers it any more.`,
  refused: { update: 'Your change could not be accepted', delete: 'The withdrawal could not be accepted' },
  tooLate: { update: 'Your change came too late', delete: 'It was too late to withdraw this' },
  tooLateText: (business) =>
    `${business} had already begun to read your enquiry, so it stands as it was. To add something, please send another one.`,
  withdrawnBefore: 'You had already withdrawn this enquiry.',
  understood: 'All right',
  sendAgain: 'Send again',
  letters: {
    title: 'Not delivered',
    text: 'What stands here has not been delivered. It is kept on this device until you correct or delete it; a copy is yours whatever becomes of the device.',
  },
}
