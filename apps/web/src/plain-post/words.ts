import type { Locale } from '@landfall/contract'

interface PlainPostWords {
  title: string
  intro: string
  busy: string
  failed: string
}

export const plainPostWords: Record<Locale, PlainPostWords> = {
  en: {
    title: 'Almost there',
    intro: 'Your message has not been sent yet. Please look at the marked fields; everything you typed is still here.',
    busy: 'A lot arrives at once just now, and yours was not taken yet. Everything you typed is still here: wait a minute, then send it again.',
    failed:
      'Something went wrong on our side, and your message was not taken yet. Everything you typed is still here: please send it again in a moment.',
  },
  ar: {
    title: 'بقيت خطوة واحدة',
    intro: 'لم تُرسل رسالتك بعد. يرجى مراجعة الحقول المحددة؛ كل ما كتبته لا يزال هنا.',
    busy: 'تصلنا رسائل كثيرة في هذه اللحظة ولم تُستلم رسالتك بعد. كل ما كتبته لا يزال هنا: انتظر دقيقة ثم أرسلها من جديد.',
    failed: 'حدث خطأ من جهتنا ولم تُستلم رسالتك بعد. كل ما كتبته لا يزال هنا: يرجى إرسالها من جديد بعد لحظات.',
  },
}
