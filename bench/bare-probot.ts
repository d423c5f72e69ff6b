// A Probot app that does nothing, as its documentation shows it: what the door is compared with.
import { createServer } from 'node:http'
import { createNodeMiddleware, Probot } from 'probot'

const probot = new Probot({
  appId: Number(process.env.APP_ID),
  privateKey: process.env.PRIVATE_KEY ?? '',
  secret: process.env.WEBHOOK_SECRET ?? '',
  logLevel: 'fatal',
})
const middleware = await createNodeMiddleware(
  (app) => {
    app.on('issue_comment', async () => {})
  },
  { probot, webhooksPath: '/api/github/webhooks' },
)
const server = createServer((incoming, response) => void middleware(incoming, response))
server.listen(0, 'localhost', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
})
