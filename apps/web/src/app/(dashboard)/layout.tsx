import '@landfall/ui/styles.css'
import '@landfall/ui/dashboard.css'
import '@fontsource-variable/inter/wght.css'

import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'

export const metadata: Metadata = {
  title: { default: 'Leads · Landfall', template: '%s · Landfall' },
  robots: { index: false },
}

// Who is signed in decides what there is to see.
export const dynamic = 'force-dynamic'

export const viewport: Viewport = { colorScheme: 'light dark' }

export default function DashboardLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
