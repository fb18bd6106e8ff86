import { answerLocalSchema } from '#/server/answer-local-schema.ts'
import { refuseAllMethodsBut, route } from '#/server/route.ts'

/** What a device's schema lacks. The same for everybody, on every host. */
export const GET = route((request) => answerLocalSchema(request))

export const { POST, PUT, PATCH, DELETE } = refuseAllMethodsBut('GET')
