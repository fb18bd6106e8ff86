import { notFound } from 'next/navigation'

/** Every other path belongs to the site's own "not found", in its own look and language. */
export default function UnknownPage(): never {
  notFound()
}
