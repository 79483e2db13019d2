/** Later: what only a registered voter needs. It is a file of its own, fetched when the first page stands. */

export { writeBundle, writeQr } from "./bundle";
export { addFile, addQr, deliver, fileOf, removeFile } from "./carry";
export { checkItem, wipeItem } from "./check";
export { dropPhoto, keepDraft, makeBallot, makeWithdrawal } from "./compose";
export { sealEnvelope } from "./sealing";
export { sendItem } from "./send";
export { slipCode } from "./slip";
export { words } from "./words";
