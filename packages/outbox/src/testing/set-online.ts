/** What the browser believes of its network; undefined: it does not say. */
export function setOnline(isOnline: boolean | undefined): void {
  Object.defineProperty(globalThis.navigator, 'onLine', { value: isOnline, configurable: true })
}
