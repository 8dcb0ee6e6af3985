// What programs use: the frameworks, the mails, the documents, without the command line.
export type { Clock } from "./ambient/clock.ts";
export { stoppedClock, systemClock } from "./ambient/clock.ts";
export { DeskError, type DeskErrorCode, deskErrorCodes, isDeskError } from "./desk-error.ts";
export { type Documents, FolderDocuments } from "./documents/folder.ts";
export type { Kind, Named } from "./documents/kind.ts";
export { frameworkOf, readCatalogue, readFramework } from "./frameworks/catalogue.ts";
export { type Checked, checkFilled, type Given } from "./frameworks/fill-slots.ts";
export { type Filled, filledKind, type Framework } from "./frameworks/framework.ts";
export { renderFilled } from "./frameworks/render-filled.ts";
export { type Occasion, suggest, type Suggestion } from "./frameworks/suggest.ts";
export type { Finding } from "./lint/lint.ts";
export { toHtmlPage, toText } from "./render/markdown.ts";
export { readSettings, type Settings } from "./settings.ts";
