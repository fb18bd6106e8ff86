import type { ReactNode } from 'react'

/** For ears only. What takes the focus inside it becomes visible while it has it. */
export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className="ui-hidden">{children}</span>
}
