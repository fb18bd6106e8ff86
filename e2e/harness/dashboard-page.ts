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

  /** Opens the notes of a lead, unless they are open. */
  async openNotes(name: string): Promise<void> {
    const toggle = this.lead(name).locator('.notes > .dash-more')
    if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click()
    await expect(this.noteField(name)).toBeVisible()
  }

  noteField(name: string) {
    return this.lead(name).getByLabel(`New note on ${name}`)
  }

  async addNote(name: string, body: string): Promise<void> {
    await this.openNotes(name)
    await this.noteField(name).fill(body)
    await this.lead(name).getByRole('button', { name: 'Save note' }).click()
    await expect(this.note(name, body)).toBeVisible()
    await expect(this.noteField(name)).toHaveValue('')
  }

  note(name: string, body: string) {
    return this.lead(name).locator('.note', { hasText: body })
  }
}
