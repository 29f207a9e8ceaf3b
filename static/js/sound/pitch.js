/** Losses of these sizes sound lowest and highest; a hundredth of a loss is as much lower whatever its size. */
const LOWEST = { loss: 1e-4, hertz: 110 };
const HIGHEST = { loss: 10, hertz: 1760 };

/**
 * The pitch of a loss: it falls by the same interval whenever the loss falls to the same share, four octaves from 10 to
 * a ten-thousandth. What is no number has none.
 *
 * @param {number | null | undefined} loss
 * @returns {number | null}  in hertz
 */
export function pitchOf(loss) {
  if (typeof loss !== "number" || Number.isNaN(loss)) return null;
  const low = Math.log(LOWEST.loss);
  const share = (Math.log(Math.max(loss, LOWEST.loss)) - low) / (Math.log(HIGHEST.loss) - low);
  return LOWEST.hertz * (HIGHEST.hertz / LOWEST.hertz) ** Math.min(1, Math.max(0, share));
}

/** More ticks a second are no ticks any more, but a tone. */
const MOST_TICKS_A_SECOND = 8;

/**
 * Whether an epoch that is over is heard, where the last tick was so long ago.
 *
 * @param {number} sinceLastMs
 */
export const isTickDue = (sinceLastMs) => sinceLastMs >= 1000 / MOST_TICKS_A_SECOND;

/**
 * How loud a volume is: the ear hears ratios, so that the middle of the slider is a quarter.
 *
 * @param {number} volume  from 0 to 1
 */
export const loudnessOf = (volume) => Math.min(1, Math.max(0, volume)) ** 2;
