import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const { scripts } = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../package.json'), 'utf8'),
) as { scripts: Record<string, string> }

it('what runs after the install names the Node that was installed: a shell remembers where it found the first', () => {
  const installing = Object.entries(scripts).filter(([, line]) => line.includes('scripts/install.mjs'))
  expect(installing.map(([name]) => name)).toEqual(expect.arrayContaining(['start', 'test']))
  for (const [name, line] of installing) {
    const [, ...after] = line.split('&&').map((command) => command.trim())
    for (const command of after) expect(command, name).toMatch(/^node_modules\/\.bin\/node /)
  }
})
