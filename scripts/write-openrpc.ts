/** Writes docs/api/openrpc.json from the method table. Run it after a change of the RPC: `node scripts/write-openrpc.ts`. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { API_VERSION } from '../node-core/rpc/api-version.ts'
import { openRpcDocument } from '../node-core/rpc/openrpc.ts'

const file = path.join(import.meta.dirname, '../docs/api/openrpc.json')
writeFileSync(file, `${JSON.stringify(openRpcDocument(API_VERSION), null, 2)}\n`)
console.log(`written: ${path.relative(process.cwd(), file)}`)
