import type { EnquiryWords } from '../words.ts'

export const ar: EnquiryWords = {
  steps: {
    saved: () => 'حُفظ على هذا الجهاز',
    sent: () => 'أُرسل',
    received: (business) => `استلمه ${business}`,
    reviewing: (business) => `يراجعه ${business} الآن`,
    contacted: (business) => `تواصل معك ${business}`,
    closed: () => 'اكتمل',
    failed: () => 'تعذّر قبوله',
    withdrawing: () => 'بانتظار السحب',
    withdrawn: () => 'سُحب',
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
  change: 'تعديل',
  changePending: 'تعديلك محفوظ على هذا الجهاز وفي طريقه إلى الإرسال.',
  changed: 'عدّلته في',
  withdraw: 'سحب الطلب',
  withdrawQuestion: (business) => `هل تريد سحب هذا الطلب؟ سيُحذف ما كتبته لدى ${business} ولن يصلك رد عليه.`,
  refused: { update: 'تعذّر قبول التعديل', delete: 'تعذّر قبول سحب الطلب' },
  tooLate: { update: 'وصل تعديلك متأخرًا', delete: 'فات أوان سحب هذا الطلب' },
  tooLateText: (business) =>
    `كان ${business} قد بدأ الاطلاع على طلبك، فبقي كما هو. وإن أردت إضافة شيء فيرجى إرسال طلب آخر.`,
  withdrawnBefore: 'سبق أن سحبت هذا الطلب.',
  understood: 'حسنًا',
  sendAgain: 'الإرسال من جديد',
  letters: {
    title: 'لم يُسلَّم',
    text: 'ما تراه هنا لم يُسلَّم بعد. يبقى محفوظًا على هذا الجهاز إلى أن تصحّحه أو تحذفه، والنسخة التي تنزّلها تبقى لك مهما حدث للجهاز.',
  },
}
