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

interface KeptWords {
  title: string
  failed: string
  missing: string
  sendAgain: string
}

/** For the page that knows no form. */
export const keptWords: Record<Locale, KeptWords> = {
  en: {
    title: 'Your message was not sent yet',
    failed:
      'Something went wrong on our side. Everything you typed is still here: wait a moment, then send it again. If it fails once more, copy your words before you leave this page.',
    missing:
      'The form you used could not be found; it may have changed since you opened the page. Everything you typed is still here: copy what you need and fill in the form again, or try to send it once more.',
    sendAgain: 'Send again',
  },
  ar: {
    title: 'لم تُرسل رسالتك بعد',
    failed:
      'حدث خطأ من جهتنا. كل ما كتبته لا يزال هنا: انتظر لحظات ثم أرسله من جديد. وإذا تكرر الخطأ فانسخ ما كتبته قبل مغادرة هذه الصفحة.',
    missing:
      'تعذر العثور على النموذج الذي استخدمته، وربما تغير منذ فتحت الصفحة. كل ما كتبته لا يزال هنا: انسخ ما تحتاج إليه واملأ النموذج من جديد، أو حاول الإرسال مرة أخرى.',
    sendAgain: 'إرسال من جديد',
  },
}

interface UnreadWords {
  title: string
  tooLarge: string
  unreadable: string
  foreign: string
  goBack: string
}

export const unreadWords: Record<Locale, UnreadWords> = {
  en: {
    title: 'Your message was not sent',
    tooLarge: 'It is longer than we can take.',
    unreadable: 'What arrived could not be read as a form.',
    foreign: 'It came from a page of another site, and those are not taken here.',
    goBack: 'Go back with your browser: what you typed should still be in the form.',
  },
  ar: {
    title: 'لم تُرسل رسالتك',
    tooLarge: 'رسالتك أطول مما يمكننا استلامه.',
    unreadable: 'تعذرت قراءة ما وصل على أنه نموذج.',
    foreign: 'وصلت من صفحة في موقع آخر، ولا تُقبل هذه الرسائل هنا.',
    goBack: 'ارجع إلى الصفحة السابقة في متصفحك: ينبغي أن تجد ما كتبته في النموذج.',
  },
}
