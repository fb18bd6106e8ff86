import { answerMetrics } from '#/server/metrics/answer-metrics.ts'
import { refuseAllMethodsBut, route } from '#/server/route.ts'

/** What the process has done and how it fares, for Prometheus: docs/OPERATIONS.md. */
export const GET = route((request) => answerMetrics(request))

export const { POST, PUT, PATCH, DELETE } = refuseAllMethodsBut('GET')
