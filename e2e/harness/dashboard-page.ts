import { expect, type Page } from '@playwright/test'
import { addresses } from './addresses.ts'

/** A member's way through the dashboard. */
export class DashboardPage {
  readonly page: Page
  readonly origin: string

  constructor(page: Page, origin = addresses().site('app')) {
    this.page = page
    this.origin = origin
  }

  async signIn(slug = 'acme', email = `owner@${slug}.test`): Promise<void> {
    await this.page.goto(`${this.origin}/sign-in`)
    await this.page.getByLabel('Email').fill(email)
    await this.page.getByLabel('Password').fill('landfall-demo')
    await this.page.getByRole('button', { name: 'Sign in' }).click()
    await expect(this.page.getByRole('heading', { name: 'Leads' })).toBeVisible()
  }

  lead(name: string) {
    return this.page.locator('.dash-table tr', { hasText: name })
  }

  statusOf(name: string) {
    return this.lead(name).getByRole('combobox')
  }

  setStatus(name: string, status: string) {
    return this.statusOf(name).selectOption(status)
  }
}
