import '@fontsource-variable/inter/wght.css'
import '@landfall/ui/styles.css'
import '#/landing/landing.css'

import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'

export const metadata: Metadata = {
  title: 'Landfall: sites whose forms never lose a lead',
  description:
    'Marketing sites for many tenants from one app, with lead forms that keep what people send when the network does not.',
}

export const viewport: Viewport = { colorScheme: 'light dark' }

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
