import type { ComponentProps } from 'react'
import { classNames } from '../class-names.ts'

export function Card({ raised = false, className, ...rest }: { raised?: boolean } & ComponentProps<'div'>) {
  return <div className={classNames('ui-card', className)} data-raised={raised || undefined} {...rest} />
}
