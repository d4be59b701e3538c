// Debian's browsers, each as it is packaged. Chromium by its own protocol; Firefox, which that protocol
// does not reach, by WebDriver BiDi: `BROWSER=firefox` runs a script in it.
import { chromium, firefox } from 'playwright-core';

export const name = process.env.BROWSER ?? 'chromium';

const inChromium = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      // A name of this machine that is no secure context over plain HTTP, as another machine's is.
      '--host-resolver-rules=MAP gate.lan 127.0.0.1',
    ],
  });

async function inFirefox() {
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
  });
  // Playwright says what theme a page is to have by a command that the packaged one does not know yet,
  // and gives up; no scenario here asks for a theme. Its own session is reached by the way it has for it.
  const sessions = Object.getPrototypeOf(browser._connection.toImpl(browser)._browserSession);
  const { send } = sessions;
  sessions.send = function (method, ...rest) {
    return method === 'emulation.setMediaFeaturesOverride'
      ? Promise.resolve({})
      : send.call(this, method, ...rest);
  };
  return browser;
}

export const launch = () => (name === 'firefox' ? inFirefox() : inChromium());
