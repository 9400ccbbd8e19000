/**
 * Builds the light client as a package of its own, without dependencies: `node scripts/build-light.ts [directory]`, by default
 * dist/light. Node strips no types below node_modules, so that the project's sources are no package for others.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { build } from 'vite'

const ROOT = path.resolve(import.meta.dirname, '..')
const ENTRY = path.join(ROOT, 'node-core/adapters/light-client.ts')
const target = path.resolve(process.argv[2] ?? path.join(ROOT, 'dist/light'))

function writeJson(name: string, value: unknown): string {
  const file = path.join(target, name)
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
  return file
}

function writeTypes(): void {
  const config = writeJson('tsconfig.json', {
    extends: path.join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      // What names types of libraries: the package has none of them.
      stripInternal: true,
      types: ['node'],
      typeRoots: [path.join(ROOT, 'node_modules/@types')],
      rootDir: path.join(ROOT, 'node-core'),
      outDir: path.join(target, 'types'),
    },
    include: [],
    files: [ENTRY],
  })
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json')
  const compiler = path.join(path.dirname(typescript), 'bin/tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-p', config], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the types do not compile')
  rmSync(config)
}

const { name, version, license, type } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
await build({
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: target,
    emptyOutDir: false,
    target: 'es2023',
    minify: false,
    lib: { entry: ENTRY, formats: ['es'], fileName: 'light-client' },
  },
})
writeTypes()
cpSync(path.join(ROOT, 'LICENSE'), path.join(target, 'LICENSE'))
cpSync(path.join(ROOT, 'docs/light.md'), path.join(target, 'README.md'))
const types = './types/adapters/light-client.d.ts'
writeJson('package.json', {
  name,
  version,
  description: 'Checks blocks, accounts and transactions of an AITBC chain without trusting a node',
  license,
  type,
  engines: { node: '>=20.19' },
  exports: { './light': { types, default: './light-client.js' } },
})
console.log(`built: ${path.relative(process.cwd(), target)}; npm pack makes an archive of it`)
