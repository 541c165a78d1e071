// A headless Chromium that a test drives: one JSON command a line comes in, one answer goes out.
// Elements are named as a person finds them: by role and name, by label, by a table's caption.
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'

const installed = createRequire(new URL('../../../ui/package.json', import.meta.url))
const { chromium } = installed('playwright-core')
const AXE = await readFile(installed.resolve('axe-core/axe.min.js'), 'utf8')
const ACTION_LIMIT_MS = 10_000

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
})
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  reducedMotion: 'reduce',
})
context.setDefaultTimeout(ACTION_LIMIT_MS)
let sockets = []
await context.routeWebSocket(/\/stomp$/, (socket) => {
  sockets.push([socket, socket.connectToServer()])
})
const page = await context.newPage()
const complaints = []
page.on('pageerror', (error) => complaints.push(error.message))
// What a gateway that is down or that refuses looks like in the console is no fault of the page.
const EXPECTED = /^Failed to load resource|^WebSocket connection to .* failed/
page.on('console', (said) => {
  if (said.type() === 'error' && !EXPECTED.test(said.text())) complaints.push(said.text())
})

/** A part of the page: a region by its heading, or all of it. */
const part = (region) =>
  region ? page.getByRole('region', { name: region, exact: true }) : page

/** A row that is one wide cell tells more of the row above it: it is none of its own. */
const rowsOf = (table) =>
  table.evaluate((element) =>
    [...element.tBodies[0].rows]
      .filter((row) => row.cells[0].colSpan === 1)
      .map((row) => [...row.cells].map((cell) => cell.innerText.trim())),
  )

const COMMANDS = {
  open: ({ url }) => page.goto(url).then(() => null),
  reload: () => page.reload().then(() => null),
  resize: ({ width, height }) => page.setViewportSize({ width, height }),
  click: ({ role, name, region, nth = 0, exact = true }) =>
    part(region).getByRole(role, { name, exact }).nth(nth).click(),
  clickFirst: ({ selector }) => page.locator(selector).first().click(),
  fill: ({ label, value, region }) => part(region).getByLabel(label, { exact: true }).fill(value),
  choose: ({ label, value }) => page.getByLabel(label, { exact: true }).selectOption(value),
  press: ({ key }) => page.keyboard.press(key),
  clickLast: ({ selector }) => page.locator(selector).last().click(),
  /** Requests answered, and what came with them drawn. */
  settle: async () => {
    await page.waitForLoadState('networkidle')
    await page.evaluate(() => new Promise((drawn) => setTimeout(drawn, 1_000)))
  },
  waitFor: ({ selector }) => page.locator(selector).first().waitFor(),
  text: ({ selector }) => page.locator(selector).first().innerText(),
  texts: ({ selector }) => page.locator(selector).allInnerTexts(),
  count: ({ selector }) => page.locator(selector).count(),
  /** The cells of a table's body; null where there is no such table now. */
  table: async ({ caption }) => {
    const table = page.getByRole('table', { name: caption, exact: true })
    return (await table.count()) ? rowsOf(table.first()) : null
  },
  /** What is drawn of the book: prices and quantities, the best ones first. */
  book: () =>
    page.evaluate(() => {
      const side = (name) =>
        [...document.querySelectorAll(`.book-side.${name} .level`)]
          .map((row) => [...row.querySelectorAll('span')].slice(0, 2).map((it) => it.textContent))
          .sort((a, b) => (name === 'ask' ? a[0] - b[0] : b[0] - a[0]))
      return { bids: side('bid'), asks: side('ask') }
    }),
  isEnabled: ({ role, name, region }) =>
    part(region).getByRole(role, { name, exact: true }).isEnabled(),
  evaluate: ({ expression }) => page.evaluate(expression),
  /** A second tab as a browser duplicates one, storage included; its answer to the expression. */
  inDuplicate: async ({ expression, selector }) => {
    const opened = context.waitForEvent('page')
    await page.evaluate(() => void window.open(location.href))
    const other = await opened
    try {
      await other.locator(selector).first().waitFor()
      return await other.evaluate(expression)
    } finally {
      await other.close()
    }
  },
  dropSockets: async () => {
    const dropped = sockets
    sockets = []
    for (const ends of dropped) for (const end of ends) await end.close({ code: 1001 })
    return dropped.length
  },
  screenshot: async ({ path }) => {
    await mkdir(dirname(path), { recursive: true })
    await page.screenshot({ path })
    return path
  },
  /** What axe finds against WCAG 2.2 A and AA: rule, and where. */
  axe: async () => {
    await page.evaluate(AXE)
    return page.evaluate(async () => {
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
      const { violations } = await window.axe.run({ runOnly: { type: 'tag', values: tags } })
      return violations.map(({ id, help, nodes }) => ({
        id,
        help,
        at: nodes.slice(0, 5).map((node) => `${node.target} ${node.failureSummary}`),
      }))
    })
  },
  complaints: async () => complaints,
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: name, ...given } = JSON.parse(line)
  const answer = { id }
  try {
    answer.result = (await COMMANDS[name](given)) ?? null
  } catch (error) {
    answer.error = error.message
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
await browser.close()
