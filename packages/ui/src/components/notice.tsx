import type { ComponentProps, ReactNode } from 'react'
import { classNames } from '../class-names.ts'

export interface NoticeProps extends Omit<ComponentProps<'div'>, 'title'> {
  tone?: 'info' | 'success' | 'warning' | 'danger'
  title?: ReactNode
  actions?: ReactNode
}

/** A notice that appears later needs `role="status"` (or `alert`) from whoever shows it. */
export function Notice({ tone = 'info', title, actions, className, children, ...rest }: NoticeProps) {
  return (
    <div className={classNames('ui-notice', className)} data-tone={tone} {...rest}>
      {title ? <p className="ui-notice-title">{title}</p> : null}
      {children}
      {actions ? <div className="ui-notice-actions">{actions}</div> : null}
    </div>
  )
}
