/**
 * Several classes as one picture: each point has the mean of the classes' colours, by their probabilities, and is the
 * nearer to paper the less sure the network is. Mixed in OKLab, where the way between two colours is even to the eye;
 * channels of sRGB would turn dark and muddy half-way.
 *
 * @import { Rgb } from "./colours.js"
 */

/** Of linear light, for the way back to a byte of sRGB. */
const LIGHTS = 4096;

/**
 * @typedef {object} ClassColours  of so many classes, ready to be mixed
 * @property {Float32Array} lab  three numbers a class, as its difference from paper
 * @property {[number, number, number]} paper  in OKLab
 * @property {Uint32Array} plain  a pixel a class
 */

/**
 * @param {readonly Rgb[]} classes
 * @param {Rgb} paper
 * @returns {ClassColours}
 */
export function classColours(classes, paper) {
  const middle = oklab(paper);
  const lab = Float32Array.from(classes.flatMap((colour) => oklab(colour).map((value, axis) => value - middle[axis])));
  return { lab, paper: middle, plain: Uint32Array.from(classes, pixelOf) };
}

/**
 * A map of several classes: bytes, class by class, each over its class's own range.
 *
 * @typedef {{ values: ArrayLike<number>, ranges: [number, number][] }} ClassMaps
 */

/**
 * Paint classes by their probabilities into `pixels`.
 *
 * @param {Uint32Array} pixels
 * @param {ClassMaps} maps
 * @param {ClassColours} colours
 */
export function blendClasses(pixels, { values, ranges }, { lab, paper: [paperL, paperA, paperB] }) {
  const area = pixels.length;
  const count = ranges.length;
  // What an output without bounds says below zero speaks for its class no more than zero does.
  const weights = valuesOfBytes(ranges).map((value) => Math.max(0, value) || 0);
  for (let pixel = 0; pixel < area; pixel += 1) {
    let sum = 0;
    let most = 0;
    let l = 0;
    let a = 0;
    let b = 0;
    for (let index = 0, at = pixel; index < count; index += 1, at += area) {
      const weight = weights[256 * index + values[at]];
      sum += weight;
      if (weight > most) most = weight;
      l += weight * lab[3 * index];
      a += weight * lab[3 * index + 1];
      b += weight * lab[3 * index + 2];
    }
    // From 0 where all classes are as likely as one another, to 1.
    const sureness = sum > 0 ? (most / sum - 1 / count) / (1 - 1 / count) / sum : 0;
    pixels[pixel] = pixelOfOklab(paperL + l * sureness, paperA + a * sureness, paperB + b * sureness);
  }
}

/**
 * Paint the class that each point is taken for.
 *
 * @param {Uint32Array} pixels
 * @param {ClassMaps} maps
 * @param {ClassColours} colours
 */
export function paintWinners(pixels, { values, ranges }, { plain }) {
  const says = valuesOfBytes(ranges);
  const area = pixels.length;
  for (let pixel = 0; pixel < area; pixel += 1) {
    let best = 0;
    let most = says[values[pixel]];
    for (let index = 1, at = pixel + area; index < ranges.length; index += 1, at += area) {
      const value = says[256 * index + values[at]];
      if (value > most) [best, most] = [index, value];
    }
    pixels[pixel] = plain[best];
  }
}

/**
 * Return what each byte stands for, 256 numbers a class.
 *
 * @param {[number, number][]} ranges
 */
export function valuesOfBytes(ranges) {
  return Float32Array.from({ length: 256 * ranges.length }, (_, at) => {
    const [low, high] = ranges[at >> 8];
    return low + ((high - low) * (at & 255)) / 255;
  });
}

/** @param {Rgb} colour */
const pixelOf = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/**
 * Björn Ottosson, A perceptual color space for image processing, 2020.
 *
 * @param {Rgb} colour
 * @returns {[number, number, number]}
 */
export function oklab([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((byte) => linear(byte / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * @param {number} lightness
 * @param {number} a
 * @param {number} b
 */
function pixelOfOklab(lightness, a, b) {
  const l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
  const m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
  const s = cube(lightness - 0.0894841775 * a - 1.291485548 * b);
  const red = byteOf(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = byteOf(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = byteOf(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Of what is done 30,000 times a picture; a power takes three times as long. @param {number} value */
const cube = (value) => value * value * value;

/** @param {number} share  of sRGB, 0..1 */
const linear = (share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);

const BYTES = Uint8Array.from({ length: LIGHTS + 1 }, (_, step) => {
  const light = step / LIGHTS;
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
});

/** @param {number} light  0..1, or a little beyond */
function byteOf(light) {
  return light <= 0 ? 0 : light >= 1 ? 255 : BYTES[(light * LIGHTS + 0.5) | 0];
}
