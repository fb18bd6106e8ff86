/** Pictures that are kept with the project; all others are for looking at only. */
export const README_PICTURES: ReadonlySet<string> = new Set([
  'site-roofer-top.desktop-light.png',
  'site-dentist-top.desktop-dark.png',
  'site-language-school-arabic-contact.desktop-light.png',
  'form-errors.phone-light.png',
  'form-saved-offline.phone-light.png',
  'form-server-error.phone-dark.png',
  'form-rejected.phone-light.png',
  'enquiries-saved-offline.desktop-light.png',
  'enquiries-contacted-arabic.phone-light.png',
  'dashboard-leads.desktop-light.png',
  'dashboard-leads.phone-light.png',
  'dashboard-change-made-offline.desktop-dark.png',
])
