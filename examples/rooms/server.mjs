// Serves the page, and keeps the gateway key away from browsers: they get a room and a token, nothing else.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'

const gate = process.env.GATE ?? 'http://localhost:8080'
const key = process.env.GATE_KEY
const port = Number(process.env.PORT ?? 8081)
if (!key) {
  console.error('GATE_KEY: missing (expected: a live key of the gate)')
  process.exit(1)
}

async function ask(path, body) {
  const answer = await fetch(gate + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'x-provider': 'janus', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() }
}

// Makes the room unless it is there, and mints this visitor's token.
async function enter({ room, user }) {
  const made = await ask('/v1/rooms', { name: room, overrides: { lifespan: { expires_in: 3600, eject_at_expiry: true } } })
  if (made.status !== 201 && made.status !== 409) return made
  return ask(`/v1/rooms/${encodeURIComponent(room)}/tokens`, { role: 'speaker', user, ttl: 600 })
}

const server = createServer(async (request, response) => {
  try {
    if (request.method === 'POST' && request.url === '/enter') {
      let text = ''
      for await (const part of request) {
        text += part
        if (text.length > 4096) throw new Error('body too long')
      }
      const { status, body } = await enter(JSON.parse(text))
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    } else {
      const page = await readFile(new URL('index.html', import.meta.url))
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
    }
  } catch (error) {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: error.message } }))
  }
})
server.listen(port, '127.0.0.1', () => console.log(`http://localhost:${server.address().port}`))
