/** The Economy page over the sample network: its plots with their table twins, how good forecasts were, and what gas went for. */
import { expect, type Page, test } from '@playwright/test'
import { FIRST_HEIGHT } from './people.ts'
import { SampleSite } from './sample-site.ts'

const HEAD = FIRST_HEIGHT - 1
/** Section, the words that the plot has for those who do not see it, caption of its twin, and its column heads. */
const PLOTS = [
  [
    'Stake, bonded',
    /^Stake, bonded: [\d,]+ AIT in epoch \d+, [\d,]+ AIT in epoch \d+$/,
    'Stake, bonded by epoch',
    ['Epoch', 'Ended', 'AIT'],
  ],
  [
    'Rewards paid',
    /^Rewards paid: [\d,]+ AIT in epoch \d+, [\d,]+ AIT in epoch \d+$/,
    'Rewards paid by epoch',
    ['Epoch', 'Ended', 'AIT'],
  ],
  [
    'Base fee',
    /^Base fee of 20 blocks, now \d+ nAIT per gas, expected \d+ in five blocks$/,
    'Base fee of the last blocks and of the next',
    ['Block', 'Base fee, nAIT', 'Between', 'Full'],
  ],
  [
    'Concentration of power',
    /^The two largest hold more than a third of the power$/,
    'Entities by power',
    ['Entity', 'Counted as one because', 'Power'],
  ],
] as const

let site: SampleSite

test.describe.configure({ mode: 'parallel', timeout: 120_000 })

test.beforeAll(async () => {
  site = await SampleSite.start('more')
})

test.afterAll(async () => {
  await site?.stop()
})

const open = () => site.open('/economy', '?freeze', { reducedMotion: 'reduce' })

async function tableOf(page: Page, name: string, caption: string) {
  await page.getByRole('button', { name: `${name} as a table`, exact: true }).click()
  return page.getByRole('table', { name: caption })
}

test('each plot says what it shows, and has a table in its place', async () => {
  const { page, context, errors } = await open()
  for (const [name, label, caption, heads] of PLOTS) {
    const plot = page.getByRole('img', { name: label })
    await expect(plot, name).toBeVisible()
    const table = await tableOf(page, name, caption)
    await expect(table.getByRole('columnheader'), name).toHaveText([...heads])
    await expect(plot, name).toBeHidden()
    expect(await table.getByRole('row').count(), name).toBeGreaterThan(2)
    await page.getByRole('button', { name: `${name} as a table`, exact: true }).click()
    await expect(plot, name).toBeVisible()
  }
  expect(errors).toEqual([])
  await context.close()
})

test('the table of the base fee has the five blocks to come with their range, then those decided', async () => {
  const { page, context } = await open()
  const table = await tableOf(page, 'Base fee', 'Base fee of the last blocks and of the next')
  const rows = table.getByRole('row')
  await expect(rows).toHaveCount(1 + 5 + 20)
  for (let ahead = 5; ahead >= 1; ahead--) {
    const row = rows.nth(6 - ahead)
    await expect(row).toContainText((HEAD + ahead).toLocaleString('en'))
    await expect(row).toContainText(/\d+ and \d+/)
  }
  await expect(rows.nth(6)).toContainText(HEAD.toLocaleString('en'))
  await expect(rows.nth(6)).toContainText('decided')
  await context.close()
})

test('what was foretold is held against what came, and each speed has its price and its wait', async () => {
  const { page, context } = await open()
  await expect(page.getByText('per gas; forecast held: 94.1 % of 1,000')).toBeVisible()
  const costs = page.getByRole('region', { name: 'What sending costs' })
  await expect(costs.locator('dl')).toContainText(/Came within its wait\s*96\.6\s%\sof\s30/)
  const speed = costs.getByRole('slider', { name: 'Speed' })
  await expect(speed).toHaveAttribute('aria-valuetext', 'Standard, in the next block')
  const price = costs.getByText(/^A transfer costs \d/)
  const standard = await price.textContent()
  await speed.press('ArrowLeft')
  await expect(speed).toHaveAttribute('aria-valuetext', 'Slow, within 4 blocks')
  await expect(price).toContainText('within 4 blocks')
  expect(await price.textContent()).not.toBe(standard)
  await expect(page).toHaveURL(/speed=slow/)
  await context.close()
})

test('gas is told by operation, the dearest first, with what batches would have saved', async () => {
  const { page, context } = await open()
  const table = page.getByRole('table', { name: 'Gas by operation' })
  await expect(table.getByRole('row')).toHaveCount(1 + 5)
  await expect(table.getByRole('row').nth(1)).toContainText(/transfer\s*13,204\s*61\s*277,284,000/)
  await expect(table.getByRole('row').filter({ hasText: 'stake: delegate' })).toContainText('110,400,000')
  const region = page.getByRole('region', { name: 'Gas by operation' })
  await expect(region).toContainText(
    /3,120 of them could have gone in batches, for 31,800,000 gas and 3\.7524\s?AIT less\./,
  )
  await context.close()
})

test('who holds the power stands beside how evenly it and the rewards are shared, and what a detector asks of one', async () => {
  const { page, context } = await open()
  const held = page.getByRole('region', { name: 'Who holds the power' }).locator('dl')
  await expect(held).toContainText(/As diverse as\s*5\.4 equal entities/)
  await expect(held).toContainText(/Rewards, Gini\s*0\.22/)
  await expect(held).toContainText(/Largest reward\s*18\.3\s%/)
  await expect(held).toContainText(/Base fee strays by\s*3\.1\s%\sin 20 blocks/)
  await page.getByRole('button', { name: 'More about what “Stake grinding” rests on' }).click()
  const detection = page.getByRole('region', { name: 'Attack detection' })
  await expect(detection).toContainText(/What you can do\s*Nothing, unless it is your account/)
  await context.close()
})
