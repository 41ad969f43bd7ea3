"""Hands that have no mouse: Tab, Enter, Space and arrows, with a focus that can always be seen."""

from playwright.async_api import Locator, Page, expect

MOST = 120
_SEEN = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return 'nothing has the focus';
  const name = `${e.tagName}#${e.id} ${(e.textContent || e.value || '').trim().slice(0, 40)}`;
  if (e.closest('[aria-hidden="true"]')) return `${name} is hidden for a screen reader`;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  if (!line && style.boxShadow === 'none') return `the focus on ${name} cannot be seen`;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return inside ? '' : `${name} has the focus outside the window`;
}"""
_HERE = "e => e === document.activeElement || e.contains(document.activeElement)"


async def step(page: Page, key: str = "Tab") -> None:
    """Press a key; what has the focus afterwards can be seen."""
    await page.keyboard.press(key)
    wrong = await page.evaluate(_SEEN)
    assert not wrong, f"{page.url}: after {key} {wrong}"


async def tab_to(page: Page, target: Locator, *, key: str = "Tab") -> None:
    """Go on with Tab until the target has the focus, seeing where one is at each step."""
    await target.wait_for()
    for _ in range(MOST):
        if await target.evaluate(_HERE):
            return
        await step(page, key)
    raise AssertionError(f"{page.url}: {target} is not reached with {key}")


async def enter(page: Page, target: Locator) -> None:
    """Go to a link or a button and press Enter, and wait for the page that follows."""
    await tab_to(page, target)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.wait_for_load_state()


async def fill(page: Page, target: Locator, text: str) -> None:
    """Go to a field and type; in a select this picks the option that starts with the text."""
    await tab_to(page, target)
    await page.keyboard.type(text)


async def choose(page: Page, target: Locator) -> None:
    """Choose one of a group of radio buttons: Tab to the group, then arrows, or Space."""
    group = page.locator(f"input[name='{await target.get_attribute('name')}']")
    for _ in range(MOST):
        if await group.evaluate_all("(all) => all.includes(document.activeElement)"):
            break
        await step(page)
    await page.keyboard.press("Space")
    for _ in range(await group.count()):
        if await target.is_checked():
            break
        await step(page, "ArrowDown")
    await expect(target).to_be_checked()
