import type { Page } from '@playwright/test';

/**
 * Finds, in a page, what a person could not use or read: controls that lie under something else, that are cut off by an
 * edge that does not scroll or lie outside the window, buttons whose words are cut without an ellipsis, and pages or
 * dialogs that scroll sideways. A control that can be scrolled into sight is fine.
 */
const FAULTS = `(() => {
  const found = [];
  const near = 1.5;
  const name = (element) => {
    const words = (element.getAttribute('aria-label') ?? element.innerText) || String(element.className);
    return (element.tagName.toLowerCase() + ' "' + words.trim().replace(/\\s+/g, ' ').slice(0, 50) + '"');
  };
  for (const page of [document.scrollingElement, ...document.querySelectorAll('main, [role=dialog]')])
    if (page.scrollWidth > page.clientWidth + near)
      found.push(name(page).slice(0, 30) + ' scrolls sideways by ' + (page.scrollWidth - page.clientWidth) + ' px');
  const modal = [...document.querySelectorAll('[role=dialog][aria-modal=true]')].at(-1);
  const controls = 'a[href], button, input, select, textarea, [role=button], [role=option], [role=tab], [role=radio]';
  for (const control of (modal ?? document).querySelectorAll(controls)) {
    if (!control.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (control.closest('[aria-hidden=true], [inert]')) continue;
    const own = control.getBoundingClientRect();
    // Out of sight until it has the focus, as the link to the content is.
    if (own.right <= 0 || own.bottom <= 0) continue;
    // Inputs that are drawn by their labels.
    if (own.width < 4 || own.height < 4 || getComputedStyle(control).opacity === '0') continue;
    let [left, top, right, bottom] = [own.left, own.top, own.right, own.bottom];
    let scrolls = false;
    let cut = null;
    const fixed = getComputedStyle(control).position === 'fixed';
    for (let above = fixed ? null : control.parentElement; above; above = above.parentElement) {
      const style = getComputedStyle(above);
      const edge = above.getBoundingClientRect();
      const clips = [style.overflowX !== 'visible', style.overflowY !== 'visible'];
      const moves = [/auto|scroll/.test(style.overflowX), /auto|scroll/.test(style.overflowY)];
      const outX = left < edge.left - near || right > edge.right + near;
      const outY = top < edge.top - near || bottom > edge.bottom + near;
      if ((clips[0] && outX && !moves[0]) || (clips[1] && outY && !moves[1])) cut ??= above;
      if ((moves[0] && outX) || (moves[1] && outY)) scrolls = true;
      if (clips[0]) [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      if (clips[1]) [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
      if (scrolls || style.position === 'fixed') break;
    }
    // What is cut off whole is not shown at all: a strip ends with the last frame that fits.
    if (scrolls || right - left < near || bottom - top < near) continue;
    if (cut) {
      found.push(name(control) + ' is cut by ' + name(cut).slice(0, 30));
      continue;
    }
    if (own.left < -near || own.right > innerWidth + near || own.top < -near || own.bottom > innerHeight + near) {
      found.push(name(control) + ' lies outside the window');
      continue;
    }
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const labels = [...(control.labels ?? [])];
    const reaches = hit && [control, ...labels].some((one) => one.contains(hit) || hit.contains(one));
    if (!reaches) found.push(name(control) + ' lies under ' + (hit ? name(hit) : 'nothing'));
    for (const part of [control, ...control.querySelectorAll('*')]) {
      const style = getComputedStyle(part);
      // Words for screen readers alone are in a box of a pixel.
      if (part.clientWidth <= 2 || style.overflowX === 'visible' || /auto|scroll/.test(style.overflowX)) continue;
      if (style.textOverflow === 'ellipsis' || part.matches('input, select, textarea, svg, svg *')) continue;
      if (part.scrollWidth > part.clientWidth + near && part.innerText)
        found.push('the words of ' + name(control) + ' are cut');
    }
  }
  return [...new Set(found)];
})()`;

/** What a person could not use or read in the page as it is now, a line each. */
export const layoutFaults = (page: Page): Promise<string[]> => page.evaluate<string[]>(FAULTS);
