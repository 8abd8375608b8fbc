// Markup where only text should be.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

/** Markup, and a mark that turns the direction of reading. */
export const EVIL =
  '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\u202eGPJ'
/** How the beginning of it reads where it is shown as what it is. */
export const SEEN = '<img src=x onerror'

/** Checks that nothing of it has become more than text. */
export async function isHarmless(page: Page, where: string): Promise<void> {
  const found = await page.evaluate(() => ({
    pwned: 'pwned' in window,
    images: document.querySelectorAll('img[src="x"]').length,
    scripts: document.querySelectorAll('#page script, dialog script').length,
    turned: document.body.innerText.includes('\u202e'),
  }))
  assert.deepEqual(found, { pwned: false, images: 0, scripts: 0, turned: false }, where)
}

/** The same, where it is shown: that it is seen too. */
export async function isOnlyText(page: Page, shown = SEEN): Promise<void> {
  await page.waitForFunction((text) => document.body.innerText.includes(text), shown)
  await isHarmless(page, shown)
}
