import type { Locale } from '@landfall/contract'
import type { StepName } from './steps.ts'

interface EnquiryWords {
  /** A step that has been reached. */
  steps: Record<StepName, (business: string) => string>
  /** A step that is still to come. */
  upcoming: Partial<Record<StepName, (business: string) => string>>
  sending: string
  discard: string
  discardQuestion: string
  empty: { title: string; text: string; action: string }
  loading: string
}

export const enquiryWords: Record<Locale, EnquiryWords> = {
  en: {
    steps: {
      saved: () => 'Saved on this device',
      sent: () => 'Sent',
      received: (business) => `Received by ${business}`,
      reviewing: (business) => `${business} is looking at it`,
      contacted: (business) => `${business} has contacted you`,
      closed: () => 'Completed',
      failed: () => 'Could not be accepted',
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
  },
  ar: {
    steps: {
      saved: () => 'حُفظ على هذا الجهاز',
      sent: () => 'أُرسل',
      received: (business) => `استلمه ${business}`,
      reviewing: (business) => `يراجعه ${business} الآن`,
      contacted: (business) => `تواصل معك ${business}`,
      closed: () => 'اكتمل',
      failed: () => 'تعذّر قبوله',
    },
    upcoming: {
      sent: () => 'بانتظار الإرسال',
      received: (business) => `بانتظار ${business}`,
      reviewing: (business) => `سيراجعه ${business}`,
    },
    sending: 'جارٍ الإرسال…',
    discard: 'حذف',
    discardQuestion: 'هل تريد حذف هذه الرسالة من جهازك؟ لم يتم تسليمها بعد.',
    empty: {
      title: 'لم يُرسل شيء من هذا الجهاز بعد',
      text: 'ما ترسله عبر النموذج يظهر هنا حتى دون اتصال، ويمكنك متابعته إلى أن يكتمل.',
      action: 'إلى النموذج',
    },
    loading: 'جارٍ البحث عن آخر المستجدات…',
  },
}
