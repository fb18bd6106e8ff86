export { type Backend, type BackendOptions, startBackend } from './backend.ts'
export { startWebServer, type WebServer, type WebServerOptions } from './web-server.ts'
