import { Icon } from "../../controls/icon.js";
import { Mark } from "../../controls/mark.js";
import { useUniqueId } from "../../controls/unique-id.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { MOST_CLASSES, MOST_INLINE, MOST_POINTS, taskOf } from "./strokes.js";

/** @import { Paint, Tool } from "./painting.js" */

const TOOLS = /** @type {Tool[]} */ (["point", "brush", "eraser"]);

/** Classes, tools, and the way back. @param {{ paint: Paint }} props */
export function PaintTools({ paint }) {
  const { strokes, version, tool, changed, finish } = paint;
  const radios = useUniqueId();
  // Read so that this is drawn again when the points are others.
  const count = version.value < 0 ? 0 : strokes.points.length;
  /** @param {() => void} act */
  const apply = (act) => () => {
    act.call(strokes);
    changed(true);
  };
  const clear = () => {
    strokes.begin();
    strokes.clear();
    if (strokes.end()) changed(true);
  };

  return html`<${Classes} paint=${paint} />
    <fieldset class="segments paint-kinds">
      <legend class="visually-hidden">${t("paint.tool")}</legend>
      ${TOOLS.map(
        (name) =>
          html`<label key=${name} title=${t(`paint.tool_help.${name}`)}>
            <input
              type="radio"
              name=${radios}
              checked=${tool.value === name}
              onChange=${() => {
                tool.value = name;
              }}
            />
            <span>${t(`paint.tool.${name}`)}</span>
          </label>`,
      )}
    </fieldset>
    <div class="paint-row">
      <${Press} icon="undo" label=${t("paint.undo")} disabled=${!strokes.canUndo} onPress=${apply(strokes.undo)} />
      <${Press} icon="redo" label=${t("paint.redo")} disabled=${!strokes.canRedo} onPress=${apply(strokes.redo)} />
      <${Press} icon="bin" label=${t("paint.clear")} disabled=${count === 0} onPress=${clear} />
      <span class="paint-count" title=${t("paint.count_help", { most: MOST_INLINE })}>
        ${t("paint.count_of", { count, most: count > MOST_INLINE ? MOST_POINTS : MOST_INLINE })}
      </span>
      <button class="button is-small is-primary" type="button" onClick=${finish}>${t("paint.done")}</button>
    </div>`;
}

/** The class of the next points. @param {{ paint: Paint }} props */
function Classes({ paint: { strokes, version, ofClass } }) {
  const radios = useUniqueId();
  const isBinary = version.value >= 0 && ofClass.value < 2 && taskOf(strokes.points) === "binary";
  return html`<fieldset class="paint-classes">
    <legend class="visually-hidden">${t("paint.class")}</legend>
    ${Array.from({ length: MOST_CLASSES }, (_, index) => {
      const task = isBinary && index < 2 ? "binary" : "multiclass";
      return html`<label key=${index} title=${t("output.class", { class: index })}>
        <input
          type="radio"
          name=${radios}
          aria-label=${t("output.class", { class: index })}
          checked=${ofClass.value === index}
          onChange=${() => {
            ofClass.value = index;
          }}
        />
        <span><${Mark} task=${task} index=${index} />${index}</span>
      </label>`;
    })}
  </fieldset>`;
}

/**
 * @param {{ icon: "undo" | "redo" | "bin", label: string, disabled: boolean, onPress: () => void }} props
 */
function Press({ icon, label, disabled, onPress }) {
  return html`<button
    class="button is-small"
    type="button"
    title=${label}
    aria-label=${label}
    disabled=${disabled}
    onClick=${onPress}
  >
    <${Icon} name=${icon} />
  </button>`;
}
