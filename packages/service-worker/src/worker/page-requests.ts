/** Whether a request is for a page: what the service worker keeps and, offline, answers. */
export function isPage(request: Pick<Request, 'mode' | 'method'>, url: URL): boolean {
  return request.mode === 'navigate' && request.method === 'GET' && !/^\/(api|assets|_next)\//.test(url.pathname)
}
