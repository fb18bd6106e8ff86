import type { ReactNode } from 'react'

export interface IconProps {
  children: ReactNode
  /** Whether it points along the reading direction. */
  mirrored?: boolean
}

/**
 * The frame of every icon: 24 by 24, 1.75 thick, in the colour of the text. Icons are silent; where one stands alone,
 * its button says in a `VisuallyHidden` what it does.
 */
export function Icon({ mirrored = false, children }: IconProps) {
  return (
    <svg
      className="ui-icon"
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      data-mirrored={mirrored || undefined}
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}
