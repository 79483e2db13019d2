/** QR: codes made on this device, and read by the browser where it can, else by a reader that is loaded when first needed. */

interface Detector {
  detect(picture: ImageData): Promise<{ rawValue: string }[]>;
}

/** The modules of a code that holds the text, row by row, without a quiet zone. */
export async function encodeQr(text: string): Promise<boolean[][]> {
  const { default: make } = await import("qr");
  const framed = make(text, "raw", { ecc: "low", border: 1 }) as unknown as boolean[][];
  return framed.slice(1, -1).map((row) => row.slice(1, -1));
}

/** The text of a picture's code, "" where none is read. */
export async function decodeQr(picture: ImageData): Promise<string> {
  const detector = await native();
  if (detector) return (await detector.detect(picture))[0]?.rawValue ?? "";
  const { default: read } = await import("qr/decode.js");
  try {
    return read(picture);
  } catch {
    return "";
  }
}

async function native(): Promise<Detector | null> {
  const kind = (globalThis as { BarcodeDetector?: { new (options: object): Detector; getSupportedFormats(): Promise<string[]> } }).BarcodeDetector;
  const formats = (await kind?.getSupportedFormats().catch(() => [])) ?? [];
  return kind && formats.includes("qr_code") ? new kind({ formats: ["qr_code"] }) : null;
}
