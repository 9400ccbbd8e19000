import { describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'

async function sim(...args: string[]) {
  const lines: string[] = []
  const errors: string[] = []
  const exitCode = await runCommand(args, {
    out: (line) => void lines.push(line),
    err: (line) => void errors.push(line),
  })
  return { exitCode, lines, errors }
}

describe('the command', () => {
  it('says in one line of JSON how a run went', async () => {
    const { exitCode, lines } = await sim(
      '--seed',
      '7',
      '--nodes',
      '4',
      '--heights',
      '5',
      '--byzantine',
      '1',
      '--json',
    )
    expect(exitCode).toBe(0)
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toEqual({
      verdict: 'ok',
      seed: 7,
      heights: expect.any(Number),
      rounds: expect.any(Number),
      crashes: expect.any(Number),
      replay: 'npm run sim -- --seed 7 --nodes 4 --heights 5 --byzantine 1',
    })
  })

  it('ends with 1 on a violation, and the replay it prints shows the same violation', async () => {
    const first = await sim('--seeds', '1-3', '--break', 'body-not-durable', '--json')
    expect(first.exitCode).toBe(1)
    const { violations } = JSON.parse(first.lines[0]!)
    const [, , , , ...words] = (violations[0].replay as string).split(' ')
    const again = await sim(...words, '--json')
    expect(again.exitCode).toBe(1)
    expect(JSON.parse(again.lines[0]!)).toEqual(violations[0])
  })

  it('tells how many seeds a minute it ran', async () => {
    const { exitCode, lines } = await sim('--seeds', '1-20', '--json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(lines[0]!)).toMatchObject({ verdict: 'ok', seeds: 20, violations: [] })
    expect(JSON.parse(lines[0]!).seedsPerCoreMinute).toBeGreaterThan(0)
  })

  it('runs a mesh of followers and a few that vote, linked as nodes link themselves', async () => {
    const { exitCode, lines } = await sim('--nodes', '60', '--validators', '10', '--heights', '4', '--json')
    expect(exitCode).toBe(0)
    const { verdict, heights, degree, messages } = JSON.parse(lines[0]!)
    expect(verdict).toBe('ok')
    expect(heights).toBeGreaterThanOrEqual(4)
    expect(degree[0]).toBeGreaterThanOrEqual(3)
    // Every node hears of every vote of every height once.
    expect(messages).toBeGreaterThan(4 * 2 * 10 * 59 * 0.9)
  })

  it.each([
    ['--validators 5', '--validators goes with --nodes'],
    ['--seed x', '--seed is "x"; right would be a whole number from 0 to 4294967295'],
    ['--seed', '--seed needs a value'],
    ['--speed 1', 'there is no option --speed'],
    ['--break nothing', '--break is "nothing"; right would be one of'],
    ['--scenario nowhere', '--scenario is "nowhere"; right would be one of'],
    ['--seeds 5', '--seeds is "5"; right would be two whole numbers, as in 1-100'],
    ['--nodes 1000000', '--nodes is "1000000"; right would be a whole number from 1 to 5000'],
    ['--engine steam', '--engine is "steam"; right would be core or node'],
  ])('ends with 2 on %s, and says what is wrong', async (line, words) => {
    const { exitCode, errors } = await sim(...line.split(' '))
    expect(exitCode).toBe(2)
    expect(errors[0]).toContain(words)
    expect(errors[0]).toMatch(/usage: sim/)
  })
})
