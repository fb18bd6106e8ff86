import type { ComponentProps } from 'react'
import { classNames } from '../class-names.ts'

interface ButtonLook {
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger'
  size?: 'small' | 'normal'
}

export type ButtonProps = ButtonLook & ComponentProps<'button'>

/** A button does something on this page; what leads to another page is a `ButtonLink`. */
export function Button({ variant = 'primary', size = 'normal', className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={classNames('ui-button', className)}
      data-variant={variant}
      data-size={size}
      {...rest}
    />
  )
}

export type ButtonLinkProps = ButtonLook & ComponentProps<'a'>

export function ButtonLink({ variant = 'primary', size = 'normal', className, children, ...rest }: ButtonLinkProps) {
  return (
    <a className={classNames('ui-button', className)} data-variant={variant} data-size={size} {...rest}>
      {children}
    </a>
  )
}
