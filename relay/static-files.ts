/** Serves the built web app: right types, caching by content hash, headers that confine the page. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.gz': 'application/gzip',
}

/** The page runs its own scripts, WebAssembly and workers, and talks to relays, nodes and job services anywhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self' ws: wss: http: https:",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

/** Names in /assets/ carry a hash of their content. */
const IMMUTABLE = 'public, max-age=31536000, immutable'
const REVALIDATE = 'no-cache'

/** False: there is no such file, and nothing was sent. A path without an extension is a page of the app. */
export async function serveStatic(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = requestedPath(request.url ?? '/')
  if (path === null) return false
  const wanted = path.endsWith('/') || extname(path) === '' ? '/index.html' : path
  const file = join(root, wanted)
  const found = await statFile(file)
  if (!found) return false
  const etag = `"${found.size.toString(16)}-${Math.floor(found.mtimeMs).toString(16)}"`
  const type = TYPES[extname(file)] ?? 'application/octet-stream'
  const headers = {
    ...SAFE_HEADERS,
    'content-type': type,
    'cache-control': wanted.startsWith('/assets/') ? IMMUTABLE : REVALIDATE,
    etag,
    'content-security-policy': CONTENT_SECURITY_POLICY,
  }
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end()
    return true
  }
  response.writeHead(200, { ...headers, 'content-length': found.size })
  if (request.method === 'HEAD') response.end()
  else await pipeline(createReadStream(file), response).catch(ignoreCutTransfer)
  return true
}

/** The reader left, or the file went away after its headers were sent: both ends are closed, there is nobody to tell. */
function ignoreCutTransfer(): void {}

/** Decoded and without a way out of the root; null: malformed. */
export function requestedPath(url: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0]!)
  } catch {
    return null
  }
  if (!path.startsWith('/') || path.includes('\0')) return null
  const normal = normalize(path).split(sep).join('/')
  const hidden = normal.split('/').some((part) => part.startsWith('.'))
  return hidden ? null : normal
}

async function statFile(file: string): Promise<{ size: number; mtimeMs: number } | null> {
  try {
    const found = await stat(file)
    return found.isFile() ? found : null
  } catch {
    return null
  }
}
