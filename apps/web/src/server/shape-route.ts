import { corsHeaders, preflight, proxyShape, SHAPE_METHODS, type ShapeReader } from '@landfall/shapes/server'
import { env } from '../env.ts'
import { refuseAllMethodsBut, route } from './route.ts'
import { stopping } from './stopping.ts'

type RouteHandler<Params> = (request: Request, context: { params: Promise<Params> }) => Promise<Response>

/**
 * All methods of a shape's route. A browser's client reads Electric's headers of every answer, refusals included.
 *
 * @param kind who reads here
 * @param authorise proves who asks, or throws a ProblemError; asked again after a wait for news
 */
export function shapeRoute<Params extends { name: string }>(
  kind: ShapeReader['kind'],
  authorise: (request: Request, params: Params) => Promise<ShapeReader>,
) {
  const withCors =
    (answer: RouteHandler<Params>): RouteHandler<Params> =>
    async (request, context) => {
      const response = await answer(request, context)
      for (const [name, value] of Object.entries(corsHeaders(request, kind))) response.headers.set(name, value)
      return response
    }
  const GET = withCors(
    route<Params>(async (request, { params }) => {
      const { ELECTRIC_URL: electricUrl, ELECTRIC_SECRET: electricSecret } = env()
      return proxyShape({
        request,
        name: params.name,
        authorise: () => authorise(request, params),
        electricUrl,
        electricSecret,
        stopping: stopping(),
      })
    }),
  )
  const OPTIONS = async (request: Request) => preflight(request, kind)
  const refuse = withCors(refuseAllMethodsBut(SHAPE_METHODS).POST)
  return { GET, HEAD: GET, OPTIONS, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse }
}
