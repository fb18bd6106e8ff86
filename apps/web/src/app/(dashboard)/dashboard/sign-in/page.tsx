import { Card, Logo } from '@landfall/ui'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { SignInForm } from '#/dashboard/sign-in-form.tsx'
import { auth } from '#/server/auth.ts'

export const metadata = { title: 'Sign in' }

export default async function SignInPage() {
  if (await auth().api.getSession({ headers: await headers() })) redirect('/')
  return (
    <main className="dash-login">
      <Card>
        <span className="dash-brand">
          <Logo />
        </span>
        <div>
          <h1>Sign in</h1>
          <p className="dash-login-intro">The leads of your sites: live, and also without a connection.</p>
        </div>
        <SignInForm />
      </Card>
    </main>
  )
}
