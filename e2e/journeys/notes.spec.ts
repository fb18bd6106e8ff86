import AxeBuilder from '@axe-core/playwright'
import { damageLocalDatabases, placesOf, workspaceDatabases } from '../harness/device-contents.ts'
import { test } from '../harness/member-test.ts'
import { expect } from '../harness/test.ts'

test('a note written offline is seen by a colleague after the reconnect, once, with who wrote it', async ({
  site,
  dashboard,
  colleague,
  person,
  database,
}) => {
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await expect(colleague.lead(person.name)).toBeVisible()
  await dashboard.page.context().setOffline(true)
  await dashboard.addNote(person.name, 'Rang her at noon')
  await expect(dashboard.note(person.name, 'Rang her at noon')).toHaveAttribute('data-state', 'pending')
  expect(await database.notesOf(person.name)).toEqual([])

  await dashboard.page.context().setOffline(false)
  await colleague.openNotes(person.name)
  const seen = colleague.note(person.name, 'Rang her at noon')
  await expect(seen).toBeVisible()
  await expect(seen.locator('.note-author')).not.toHaveText('You')
  await expect(dashboard.note(person.name, 'Rang her at noon')).not.toHaveAttribute('data-state', 'pending')
  await expect(colleague.lead(person.name).locator('.note')).toHaveCount(1)
  expect(await database.notesOf(person.name)).toMatchObject([{ body: 'Rang her at noon', version: 1 }])
})

test('what is changed before it was sent is sent once, as it became; what is deleted again is not sent', async ({
  site,
  dashboard,
  person,
  database,
}) => {
  const { page } = dashboard
  page.on('dialog', (dialog) => void dialog.accept())
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await page.context().setOffline(true)
  await dashboard.addNote(person.name, 'Ring her on Monday')
  await dashboard.note(person.name, 'Ring her on Monday').getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Change the note').fill('Ring her on Tuesday')
  await page.keyboard.press('Control+Enter')
  await expect(dashboard.note(person.name, 'Ring her on Tuesday')).toBeVisible()
  await dashboard.addNote(person.name, 'Never mind')
  await dashboard.note(person.name, 'Never mind').getByRole('button', { name: 'Delete' }).click()
  await expect(dashboard.note(person.name, 'Never mind')).toHaveCount(0)
  await expect(page.locator('.sync')).toContainText('1 waiting')

  await page.context().setOffline(false)
  const note = dashboard.note(person.name, 'Ring her on Tuesday')
  await expect(note).not.toHaveAttribute('data-state', 'pending')
  const stored = await database.notesOf(person.name)
  expect(stored).toMatchObject([{ body: 'Ring her on Tuesday', version: 1 }])
  expect(await database.noteOperations()).toEqual([{ action: 'insert', entity_id: stored[0]?.id }])
})

test('a note that the server refuses is taken back, and stands with its words among what was not accepted', async ({
  site,
  dashboard,
  person,
  database,
}) => {
  const { page } = dashboard
  await site.open()
  await site.send(person)
  const leadId = String(await site.notice.getAttribute('data-lead'))
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await page.context().setOffline(true)
  await dashboard.addNote(person.name, 'Has a skylight as well')
  const putBack = await database.takeLeadAway(leadId)
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Look at it' }).click()
  const letter = page.locator('.letter')
  await expect(letter).toHaveAttribute('data-reason', 'not_found')
  await expect(letter).toContainText('Has a skylight as well')

  await putBack()
  await page.getByRole('button', { name: 'Leads', exact: true }).click()
  await dashboard.openNotes(person.name)
  await expect(dashboard.lead(person.name).getByText('No notes yet')).toBeVisible()
  await page.getByRole('button', { name: /^Not accepted/ }).click()
  await letter.getByRole('button', { name: 'Send again' }).click()
  await expect.poll(() => database.notesOf(person.name)).toMatchObject([{ body: 'Has a skylight as well' }])
  await dashboard.openNotes(person.name)
  await expect(dashboard.note(person.name, 'Has a skylight as well')).toBeVisible()
})

test("somebody else's note is deleted only when the server says so, and stays where it does not", async ({
  site,
  dashboard,
  colleague,
  person,
  database,
}) => {
  const { page } = dashboard
  page.on('dialog', (dialog) => void dialog.accept())
  await site.open()
  await site.send(person)
  await colleague.addNote(person.name, 'Written by Sam')
  await dashboard.signIn()
  await dashboard.openNotes(person.name)
  const note = dashboard.note(person.name, 'Written by Sam')
  await expect(note.locator('.note-author')).toHaveText('Sam Colleague')
  await expect(note.getByRole('button', { name: 'Edit' })).toHaveCount(0)
  const restore = await database.setRole('owner@acme.test', 'member')
  try {
    // The server knows already, this device does not.
    await page.context().setOffline(true)
    await note.getByRole('button', { name: 'Delete' }).click()
    await expect(note.locator('.lf-error')).toContainText('needs a connection')
    await expect(note).toBeVisible()
  } finally {
    await restore()
  }
  await page.context().setOffline(false)
  await note.getByRole('button', { name: 'Delete' }).click()
  await expect(note).toHaveCount(0)
  await expect(colleague.note(person.name, 'Written by Sam')).toHaveCount(0)
  expect(await database.notesOf(person.name)).toEqual([])
})

test('a local database that is damaged comes back by itself, with what was not sent, and says so', async ({
  site,
  dashboard,
  person,
  database,
}) => {
  const { page } = dashboard
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await page.context().setOffline(true)
  await dashboard.addNote(person.name, 'Written before the damage')
  expect(await damageLocalDatabases(page)).toBeGreaterThan(50)
  await page.context().setOffline(false)
  await page.reload()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await expect(page.locator('.ui-notice', { hasText: 'made anew' })).toBeVisible()
  await dashboard.openNotes(person.name)
  await expect(dashboard.note(person.name, 'Written before the damage')).toBeVisible()
  await expect.poll(() => database.notesOf(person.name)).toMatchObject([{ body: 'Written before the damage' }])
  await page.getByRole('button', { name: 'All right' }).click()
  await expect(page.locator('.ui-notice', { hasText: 'made anew' })).toHaveCount(0)
})

test('signing out leaves no word of a note or a lead on the device', async ({ site, dashboard, person }) => {
  const { page } = dashboard
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await dashboard.addNote(person.name, 'MarkerOfANote-7f3a')
  await expect(dashboard.note(person.name, 'MarkerOfANote-7f3a')).not.toHaveAttribute('data-state', 'pending')
  expect(await placesOf(page, 'MarkerOfANote-7f3a')).not.toEqual([])
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  expect(await workspaceDatabases(page)).toEqual([])
  for (const text of ['MarkerOfANote-7f3a', person.name, person.message]) {
    expect(await placesOf(page, text), text).toEqual([])
  }
})

test('a workspace is removed from the device by its own button, in every tab, and comes back when it is opened', async ({
  site,
  dashboard,
  person,
}) => {
  const { page } = dashboard
  page.on('dialog', (dialog) => void dialog.accept())
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  const otherTab = await page.context().newPage()
  await otherTab.goto(dashboard.origin)
  await expect(otherTab.locator('.dash-table tr', { hasText: person.name })).toBeVisible()

  await page.getByRole('button', { name: 'On this device' }).click()
  await expect(page.locator('dialog.device dd').first()).toContainText('MB')
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await page.getByRole('button', { name: 'Remove from this device' }).click()
  await expect(page.getByText('Removed from this device')).toBeVisible()
  await expect(otherTab.getByText('Removed from this device')).toBeVisible()
  await expect.poll(() => workspaceDatabases(page)).toEqual([])
  await page.getByRole('link', { name: 'Open it again' }).click()
  await expect(dashboard.lead(person.name)).toBeVisible()
})

test('a tab that is closed in the middle of writing stops no other, and what it had kept arrives', async ({
  site,
  dashboard,
  person,
  database,
}) => {
  const { page } = dashboard
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  const closing = await page.context().newPage()
  await closing.goto(dashboard.origin)
  const row = closing.locator('.dash-table tr', { hasText: person.name })
  await row.locator('.notes > .dash-more').click()
  const field = closing.getByLabel(`New note on ${person.name}`)
  await field.fill('Kept before it closed')
  await closing.keyboard.press('Control+Enter')
  // It is in the list and the field is empty: it is on disk.
  await expect(row.locator('.note', { hasText: 'Kept before it closed' })).toBeVisible()
  await expect(field).toHaveValue('')
  await field.fill('Perhaps kept')
  await field.press('Control+Enter', { noWaitAfter: true })
  await closing.close()

  await dashboard.addNote(person.name, 'Written in the tab that stays')
  await expect(dashboard.note(person.name, 'Kept before it closed')).toBeVisible()
  await expect
    .poll(async () => (await database.notesOf(person.name)).map(({ body }) => body))
    .toEqual(expect.arrayContaining(['Kept before it closed', 'Written in the tab that stays']))
  const bodies = (await database.notesOf(person.name)).map(({ body }) => body)
  expect(new Set(bodies).size).toBe(bodies.length)
})

const looks = [
  { colorScheme: 'light', width: 390, height: 844 },
  { colorScheme: 'dark', width: 1440, height: 900 },
] as const

for (const { colorScheme, ...viewport } of looks) {
  test(`notes have no violation at ${viewport.width} px, ${colorScheme}`, async ({
    site,
    dashboard,
    colleague,
    person,
  }) => {
    const { page } = dashboard
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const violations = async () => {
      const found = (await new AxeBuilder({ page }).analyze()).violations
      return found.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))
    }
    await site.open()
    await site.send(person)
    await colleague.addNote(person.name, 'From a colleague')
    await dashboard.signIn()
    await dashboard.openNotes(person.name)
    await expect(dashboard.note(person.name, 'From a colleague')).toBeVisible()
    await page.context().setOffline(true)
    await dashboard.addNote(person.name, 'Not sent yet')
    expect(await violations()).toEqual([])
    await dashboard.note(person.name, 'Not sent yet').getByRole('button', { name: 'Edit' }).click()
    await expect(page.getByLabel('Change the note')).toBeFocused()
    await page.getByLabel('Change the note').fill('')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText('Please fill this in.')).toBeVisible()
    expect(await violations()).toEqual([])
    await page.getByLabel('Change the note').press('Escape')
    await expect(dashboard.note(person.name, 'Not sent yet')).toBeFocused()
    await page.getByRole('button', { name: 'On this device' }).click()
    await expect(page.locator('dialog.device')).toBeVisible()
    expect(await violations()).toEqual([])
    await page.context().setOffline(false)
  })
}
