// The public entry of `quadrille/draw`: maps, canvases, diagrams and explanations of a choreography; runs in
// a browser, too.
export { type Canvas, canvasOf } from "./canvas.ts";
export { drawCanvas, markdownCanvas } from "./draw-canvas.ts";
export { drawMap, mermaidMap } from "./draw-map.ts";
export { explainName, type NameExplanation, nameText } from "./explain-name.ts";
export { type EventExplanation, explainEvent, explanationText } from "./explain.ts";
export { graphOf, type Graph } from "./graph.ts";
export { type AsyncApiOptions, toAsyncApi } from "./to-asyncapi.ts";
export { toStateDiagram } from "./state-diagram.ts";
export { asOne, eventNames, meetingsOf, type Meeting } from "./system.ts";
