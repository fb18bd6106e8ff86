'use client'

import { forgetPages } from '@landfall/service-worker/register'
import { Button, Notice } from '@landfall/ui'
import { type FormEvent, useState, useSyncExternalStore } from 'react'

type State = { kind: 'idle' } | { kind: 'busy' } | { kind: 'failed'; message: string }

const MESSAGES = {
  wrong: 'This email and password do not belong together.',
  tooMany: 'Too many attempts. Please wait ten minutes, then try again.',
  offline: 'There is no connection. Signing in needs one; leads already on this device stay there.',
  broken: 'Signing in did not work. Please try again in a moment.',
} as const

/** Until the page's script runs, the browser would post the form by itself, and nothing takes that. */
const useIsHydrated = () =>
  useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )

export function SignInForm() {
  const isHydrated = useIsHydrated()
  const [state, setState] = useState<State>({ kind: 'idle' })
  const signIn = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setState({ kind: 'busy' })
    const message = await requestSignIn(String(form.get('email')), String(form.get('password')))
    if (message !== undefined) return setState({ kind: 'failed', message })
    // Whose session ran out here has left pages behind: a slow network must not show them to the next person.
    await forgetPages().catch(() => {})
    location.assign('/')
  }
  return (
    // The method and the action only count before the script runs: they keep the password out of the address.
    <form className="lf-form" method="post" action="/sign-in" onSubmit={signIn} aria-busy={state.kind === 'busy'}>
      <noscript>
        <p>Signing in needs JavaScript. Please switch it on for this page.</p>
      </noscript>
      {state.kind === 'failed' ? (
        <Notice tone="danger" role="alert">
          {state.message}
        </Notice>
      ) : null}
      <div className="lf-field">
        <label className="lf-label" htmlFor="email">
          Email
        </label>
        <input className="lf-input" id="email" name="email" type="email" autoComplete="username" required />
      </div>
      <div className="lf-field">
        <label className="lf-label" htmlFor="password">
          Password
        </label>
        <input
          className="lf-input"
          id="password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
      </div>
      <Button type="submit" disabled={!isHydrated || state.kind === 'busy'}>
        {state.kind === 'busy' ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}

/** @returns what to say when it did not work */
async function requestSignIn(email: string, password: string): Promise<string | undefined> {
  try {
    const response = await fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    if (response.ok) return undefined
    if (response.status === 429) return MESSAGES.tooMany
    return response.status < 500 ? MESSAGES.wrong : MESSAGES.broken
  } catch {
    return navigator.onLine ? MESSAGES.broken : MESSAGES.offline
  }
}
