/** Labels that every site shares, whatever its tenant says. */
export interface Words {
  skipToContent: string
  mainNavigation: string
  menu: string
  call: string
  phone: string
  email: string
  address: string
  hours: string
  required: string
  enquiries: { title: string; intro: string; empty: string; needsScript: string; back: string }
  sent: { title: string; home: string }
  notFound: { title: string; text: string; home: string }
  offline: { title: string; text: string; kept: string; home: string }
}
