// The trading screen in a headless Chromium: one JSON command a line comes in, one answer goes out.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const { chromium } = createRequire(new URL('../../ui/package.json', import.meta.url))(
  'playwright-core',
)
const LIMIT_MS = 60_000
const KEY_EVERY_MS = 90
const DIGITS = '1234567890'
const UPDATE = '[data-update]'

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
})
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
page.setDefaultTimeout(LIMIT_MS)
await page.addInitScript(await readFile(new URL('page.js', import.meta.url), 'utf8'))
const devtools = await page.context().newCDPSession(page)
await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })

/** Processor time that the page's main thread has taken, in seconds; others' load is not in it. */
async function busy() {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration').value
}

/** Live, and a book that changed since. */
async function live() {
  await page.waitForFunction(
    () => document.querySelector('.live-badge')?.classList.contains('live'),
    null,
    { polling: 20 },
  )
  const before = await page.locator(UPDATE).getAttribute('data-update')
  await page.waitForFunction(
    (known) => {
      const now = document.querySelector('[data-update]')?.dataset.update
      return now && now !== '0' && now !== known
    },
    before,
    { polling: 20 },
  )
}

const COMMANDS = {
  open: async ({ url }) => {
    await page.goto(url)
    await live()
  },
  /** With `typedInto`, ten keys a second into the ticket; each tenth is a click on the book instead. */
  measure: async ({ seconds, slower, typedInto }) => {
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
    await page.waitForTimeout(2_000)
    const price = page.getByLabel('Price', { exact: true })
    await price.click()
    const book = await page.locator('.book-side.bid').boundingBox()
    await page.evaluate((counts) => window.measured.begin(counts), slower === 1)
    const before = await busy()
    const ends = Date.now() + seconds * 1_000
    let given = 0
    for (; typedInto && Date.now() < ends; given += 1) {
      // A price that is clicked leaves the keyboard where it is, in the ticket.
      if (given % 10 === 9) await page.mouse.click(book.x + 60, book.y + 10 + 20 * (given % 7))
      else await page.keyboard.press(given % 10 > 6 ? 'Backspace' : DIGITS[given % 10])
      await page.waitForTimeout(KEY_EVERY_MS)
    }
    await page.waitForTimeout(Math.max(0, ends - Date.now()))
    const noted = await page.evaluate(() => window.measured.end())
    const busySeconds = (await busy()) - before
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    return { ...noted, given, busySeconds }
  },
  live,
  reload: async () => {
    await page.reload()
    await live()
  },
  drop: async () => {
    await page.evaluate(() => window.measured.drop())
    await page.waitForFunction(
      () => !document.querySelector('.live-badge').classList.contains('live'),
      null,
      { polling: 5 },
    )
    await live()
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...given } = JSON.parse(line)
  const began = Date.now()
  const answer = {}
  try {
    answer.result = (await COMMANDS[name](given)) ?? null
  } catch (error) {
    answer.error = error.message
  }
  answer.tookMs = Date.now() - began
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
await browser.close()
