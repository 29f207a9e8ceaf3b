import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { endTour, offerTour, tourStep } from "../../static/js/tour.js";

/** @param {string | null} remembered */
const storage = (remembered) => ({ getItem: () => remembered });

beforeEach(() => {
  tourStep.value = null;
});

test("the tour is offered on a first visit, and takes no focus", () => {
  offerTour(storage(null), "?lang=it");
  assert.deepEqual(tourStep.value, { index: 0, isAsked: false });
});

test("who has seen it, or asks for none, is offered none", () => {
  offerTour(storage("seen"), "");
  offerTour(storage(null), "?lang=it&tour=0");
  assert.equal(tourStep.value, null);
});

test("a browser that forbids storage is offered it, and lets it end", () => {
  const forbidden = {
    getItem() {
      throw new Error("denied");
    },
  };
  offerTour(forbidden, "");
  assert.notEqual(tourStep.value, null);

  endTour();
  assert.equal(tourStep.value, null);
});
