import type { ComponentProps } from 'react'
import { classNames } from '../class-names.ts'
import type { Tone } from '../tone.ts'

export function Badge({ tone = 'neutral', className, ...rest }: { tone?: Tone } & ComponentProps<'span'>) {
  return <span className={classNames('ui-badge', className)} data-tone={tone} {...rest} />
}
