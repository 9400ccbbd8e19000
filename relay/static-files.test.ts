import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { serveStatic } from './static-files.ts'

/** More than the buffers of both ends hold: the transfer is under way when its reader leaves. */
const LARGE_BYTES = 32 * 1_048_576

let root: string
let server: Server
let outcomes: Promise<boolean>[]
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'static-files-'))
  writeFileSync(path.join(root, 'large.wasm'), new Uint8Array(LARGE_BYTES))
  outcomes = []
  server = createServer((request, response) => {
    outcomes.push(serveStatic(root, request, response))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => {
  server.close()
  server.closeAllConnections()
  rmSync(root, { recursive: true })
})

it('a reader that leaves in the middle of a file disturbs nobody', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/large.wasm`
  const [response] = (await once(get(url), 'response')) as [IncomingMessage]
  await once(response, 'readable')
  response.destroy()
  await expect(outcomes[0]).resolves.toBe(true)
  const whole = await fetch(url)
  expect((await whole.bytes()).length).toBe(LARGE_BYTES)
})
