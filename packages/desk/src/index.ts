// What programs use: documents, frameworks, mails, minutes, people, playbooks and the plan, without the
// command line.
export { type Clock, stoppedClock, systemClock } from "./ambient/clock.ts";
export { DeskError, type DeskErrorCode, deskErrorCodes, isDeskError } from "./desk-error.ts";
export { type Documents, FolderDocuments } from "./documents/folder.ts";
export type { Kind, Named } from "./documents/kind.ts";
export { type Lifecycle, type Living, take, type Taking } from "./documents/lifecycle.ts";
export { frameworkOf, readCatalogue, readFramework } from "./frameworks/catalogue.ts";
export { checkFramework } from "./frameworks/check-framework.ts";
export { type Checked, checkFilled, type Given } from "./frameworks/fill-slots.ts";
export { type Filled, filledKind, type Framework } from "./frameworks/framework.ts";
export { renderFilled } from "./frameworks/render-filled.ts";
export { type Occasion, suggest, type Suggestion } from "./frameworks/suggest.ts";
export type { Finding } from "./lint/lint.ts";
export { lintRegistry } from "./lint-registry.ts";
export { composeMail, type MailInput, type MailText } from "./mail/compose-mail.ts";
export {
  type Delivery,
  folderDelivery,
  mailMessage,
  send,
  type Sending,
  smtpDelivery,
} from "./mail/deliver.ts";
export { type Facts, type Figure, parseFacts } from "./mail/facts.ts";
export { type Mail, mailKind, type MailKind, mailLifecycle, type MailState } from "./mail/mail.ts";
export { mailInput, type MailWish, type MailWorld } from "./mail/mail-input.ts";
export { lintMail } from "./mail/mail-lints.ts";
export { nextMail, promiseOf, type Promised, threadOf } from "./mail/thread.ts";
export { carriedOver, type Minutes, minutesKind } from "./minutes/minutes.ts";
export { lintMinutes } from "./minutes/minutes-lints.ts";
export { renderMinutes } from "./minutes/render-minutes.ts";
export { type ActionItem, actionKind, actionLifecycle, takeActionStep } from "./people/action.ts";
export {
  answerDemand,
  type Demand,
  demandKind,
  scoreDemand,
  scoreOf,
  settleDemand,
} from "./people/demand.ts";
export { matrixSvg, matrixText, quadrantOf } from "./people/matrix.ts";
export {
  dueStakeholders,
  recordContact,
  relationState,
  type Stakeholder,
  stakeholderKind,
} from "./people/stakeholder.ts";
export { board, gtdLists, type PlanInput } from "./plan/plan.ts";
export { type Playbook, playbookOf, readPlaybooks } from "./playbooks/playbook.ts";
export { openPhases, type Run, runKind, startRun, takeRunStep } from "./playbooks/run.ts";
export { toHtmlPage, toText } from "./render/markdown.ts";
export { defaultSettings, readSettings, type Settings } from "./settings.ts";
