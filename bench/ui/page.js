// Runs in the page before anything else: notes frames, long tasks, inputs and how old the drawn
// book is. Ages compare the clock of the page with that of the gateway: one machine, one clock.
(() => {
  const eventTimes = new Map() // a book's last update id → when the exchange told of it, ms
  const sockets = []
  const DEPTH = /"e":"depthUpdate","E":(\d+).*?"u":(\d+)/g
  const noted = { frames: 0, tasks: [], inputs: [], ages: [], updates: 0, sinceMs: 0 }

  window.WebSocket = class extends window.WebSocket {
    constructor(...given) {
      super(...given)
      sockets.push(this)
      this.addEventListener('message', ({ data }) => {
        // One message may hold several; only changes of the book are read.
        for (const [, atMs, update] of String(data).matchAll(DEPTH)) {
          eventTimes.set(Number(update), Number(atMs))
          noted.updates += 1
        }
        if (eventTimes.size > 2_000) eventTimes.delete(eventTimes.keys().next().value)
      })
    }
  }

  // To count frames is to have one made 60 times a second, which a slow processor would feel.
  let counting = false
  const frame = () => {
    noted.frames += 1
    if (counting) requestAnimationFrame(frame)
  }

  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) noted.tasks.push(duration)
  }).observe({ type: 'longtask' })
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries())
      if (['keydown', 'pointerup', 'click'].includes(name)) noted.inputs.push(duration)
  }).observe({ type: 'event', durationThreshold: 16 })

  // A change of the DOM is on the screen after the next frame: noted from a task behind it.
  const drawn = new MessageChannel()
  let waiting = null
  drawn.port1.onmessage = () => {
    const atMs = eventTimes.get(waiting)
    if (atMs !== undefined) noted.ages.push(Date.now() - atMs)
    waiting = null
  }
  new MutationObserver((changes) => {
    if (!changes.some(({ attributeName }) => attributeName === 'data-update')) return
    const behind = waiting === null
    waiting = Number(document.querySelector('[data-update]')?.dataset.update)
    if (behind) requestAnimationFrame(() => drawn.port2.postMessage(null))
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-update'] })

  window.measured = {
    begin(countsFrames) {
      Object.assign(noted, { frames: 0, tasks: [], inputs: [], ages: [], updates: 0 })
      noted.sinceMs = performance.now()
      counting = countsFrames
      if (counting) requestAnimationFrame(frame)
    },
    end() {
      counting = false
      return { ...noted, seconds: (performance.now() - noted.sinceMs) / 1_000 }
    },
    drop: () => sockets.at(-1).close(),
  }
})()
