import { afterAll, expect, test } from 'vitest'
import { LoopbackServer } from '../loopback-server.ts'
import { Example } from './example.ts'

const server = await LoopbackServer.start(() => ({ status: 204 }))
afterAll(() => server.close())

test('prints what its README says, and sends its points', async () => {
  const example = new Example('influx-writer')
  const variables = { INFLUX_URL: server.url, INFLUX_TOKEN: 'secret', INFLUX_ORG: 'my-org', INFLUX_BUCKET: 'traffic', OBSERVER: 'example' }
  expect(await example.start(variables)).toBe(example.file('expected.txt'))

  const writes = server.received.filter(({ body }) => body.byteLength > 0)
  const path = '/api/v2/write?org=my-org&bucket=traffic&precision=ns'
  expect(writes.map(({ path, headers }) => [path, headers['authorization']])).toEqual([[path, 'Token secret']])
  expect(writes.map(({ body }) => new TextDecoder().decode(body)).join('')).toBe(example.file('expected.lp'))
})
