import type { BrowserContext } from 'playwright'

/** Ends the shared worker of a browser at once, as though the system had taken its memory. Its pages are not told. */
export async function endSharedWorker(context: BrowserContext): Promise<void> {
  const browser = context.browser()
  if (!browser) throw new Error('the context has no browser')
  const session = await browser.newBrowserCDPSession()
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'shared_worker' }] })
  for (const { targetId } of targetInfos) {
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false })
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'self.close()' } })
    await session.send('Target.sendMessageToTarget', { sessionId, message })
  }
  await session.detach()
  if (targetInfos.length === 0) throw new Error('there is no shared worker')
}
