// The same acts by pointer or by keyboard alone.
import { name as browser } from './browsers.mjs';
import { tab } from './world.mjs';

export function hands(page, keyboard) {
  const enter = async (role, name) => {
    const exact = typeof name === 'string';
    const it = page.getByRole(role, { name, exact }).first();
    await it.waitFor();
    if (!keyboard) return it.click();
    await until(() => it.isEnabled());
    await tab(page, name);
    await page.keyboard.press('Enter');
  };
  return {
    fill: async (label, text) => {
      const it = page.getByLabel(label, { exact: true });
      await it.waitFor();
      if (!keyboard) {
        if (browser !== 'firefox') return it.fill(text);
        // What Playwright fills in by one command there, the page does not hear of.
        await it.click();
      } else if (!(await it.evaluate((field) => field === document.activeElement)))
        await tab(page, label);
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(text);
    },
    press: (name) => enter('button', name),
    follow: (name) => enter('link', name),
    choose: async (label, value) => {
      const it = page.getByLabel(label, { exact: true });
      await it.waitFor();
      if (!keyboard) return it.selectOption(value);
      await tab(page, label);
      await page.keyboard.type(value);
    },
  };
}

async function until(holds) {
  for (let i = 0; i < 100 && !(await holds()); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
