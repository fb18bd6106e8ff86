import type { Messages } from './messages.ts'

/** Arabic counts in its own way: one, two, a few, many. */
function counted(count: number, forms: { one: string; two: string; few: string; many: string }): string {
  switch (new Intl.PluralRules('ar').select(count)) {
    case 'one':
      return forms.one
    case 'two':
      return forms.two
    case 'few':
      return `${count} ${forms.few}`
    default:
      return `${count} ${forms.many}`
  }
}

const waiting = (count: number) =>
  counted(count, {
    one: 'رسالة واحدة بانتظار الإرسال',
    two: 'رسالتان بانتظار الإرسال',
    few: 'رسائل بانتظار الإرسال',
    many: 'رسالة بانتظار الإرسال',
  })

export const ar: Messages = {
  problems: {
    required: 'يرجى ملء هذا الحقل.',
    consent_required: 'نحتاج إلى موافقتك حتى نتمكن من الرد عليك.',
    not_text: 'تعذّرت قراءة هذا الحقل، يرجى كتابته من جديد.',
    too_long: 'النص أطول من اللازم، يرجى اختصاره.',
    not_an_email: 'يرجى التحقق من البريد الإلكتروني، مثال: name@example.com.',
    not_a_phone_number: 'يرجى إدخال رقم هاتف صحيح.',
    not_an_option: 'يرجى اختيار أحد الخيارات.',
    unknown_field: 'لم يعد هذا الحقل جزءًا من النموذج.',
  },
  optional: '(اختياري)',
  choose: 'يرجى الاختيار',
  summary: (fields) =>
    counted(fields, {
      one: 'حقل واحد يحتاج إلى مراجعتك',
      two: 'حقلان يحتاجان إلى مراجعتك',
      few: 'حقول تحتاج إلى مراجعتك',
      many: 'حقلًا يحتاج إلى مراجعتك',
    }),
  saving: 'جارٍ الحفظ…',
  saved: {
    title: 'حُفظت على هذا الجهاز',
    offline: 'لا يوجد اتصال الآن.',
    online: 'رسالتك في الطريق.',
    waiting: 'تعذّر الإرسال حتى الآن، وستُعاد المحاولة تلقائيًا.',
    mayClose: 'ستُرسل في أقرب وقت، حتى لو أغلقت هذه الصفحة.',
    keptHere: 'ستُرسل في أقرب وقت ما دام هذا الموقع مفتوحًا. وإن أغلقته بقيت محفوظة هنا إلى زيارتك القادمة.',
  },
  sent: { title: 'أُرسلت' },
  rejected: {
    title: 'تعذّر قبول الرسالة',
    text: 'ما كتبته محفوظ على هذا الجهاز. صحّحه ثم أرسله من جديد.',
    correct: 'التصحيح وإعادة الإرسال',
  },
  rejections: {
    malformed: 'تعذّرت قراءة الرسالة.',
    unknown_entity: 'هذا النوع من الرسائل غير مقبول هنا.',
    unknown_action: 'هذا النوع من الرسائل غير مقبول هنا.',
    unknown_form: 'لم يعد هذا النموذج مستخدمًا.',
    unknown_form_version: 'إصدار النموذج غير معروف.',
    invalid_values: 'بعض الحقول تحتاج إلى مراجعة.',
    field_not_allowed: 'تحتوي الرسالة على ما لا يُسمح بإرساله.',
    not_allowed: 'هذا غير مسموح من هنا.',
    not_found: 'لم يعد موجودًا.',
    id_already_used: 'أُرسل شيء آخر بالرقم نفسه.',
    group_failed: 'لم يُقبل جزء آخر من التغيير نفسه.',
    too_large: 'الرسالة أكبر من أن تُرسل.',
  },
  notSaved: {
    title: 'تعذّر حفظ رسالتك على هذا الجهاز',
    blocked: 'المتصفح لا يسمح لهذه الصفحة بالتخزين.',
    quota: 'مساحة التخزين على هذا الجهاز ممتلئة.',
    failed: 'حدث خطأ في تخزين هذا الجهاز.',
    newer: 'هناك نسخة أحدث من هذا الموقع على هذا الجهاز؛ يرجى إعادة تحميل الصفحة.',
    offline: 'ولا يوجد اتصال أيضًا، فيرجى البقاء في هذه الصفحة والإرسال من جديد عند عودة الاتصال.',
    kept: 'ما كتبته لا يزال في النموذج.',
  },
  another: 'إرسال رسالة أخرى',
  seeEnquiries: 'طلباتك',
  draftRestored: 'احتفظنا بما كتبته هنا.',
  clearDraft: 'البدء من جديد',
  offlineHint: 'أنت غير متصل. يمكنك الإرسال مع ذلك: تُحفظ رسالتك على هذا الجهاز وتُرسل تلقائيًا.',
  decoy: 'اترك هذا الحقل فارغًا',
  sync: {
    online: 'متصل',
    offline: 'غير متصل',
    offlinePending: (pending) => `غير متصل · ${waiting(pending)}`,
    pending: waiting,
    syncing: 'جارٍ الإرسال…',
    waiting: (problem, time) => (time ? `${problem} المحاولة التالية في ${time}.` : problem),
    dead: (count) =>
      counted(count, {
        one: 'رسالة واحدة تحتاج إلى مراجعة',
        two: 'رسالتان تحتاجان إلى مراجعة',
        few: 'رسائل تحتاج إلى مراجعة',
        many: 'رسالة تحتاج إلى مراجعة',
      }),
    sendNow: 'إرسال الآن',
  },
  deliveryProblems: {
    network: 'لا يوجد اتصال بالخادم.',
    server: 'الخادم غير متاح الآن.',
    refused: 'رفض الخادم الرسالة.',
  },
}
