/** Give: a file leaves the app, by the phone's share sheet or as a download. */

const TYPE = "application/octet-stream";

/** Returns whether this phone can hand a file to another app. */
export function canShare(): boolean {
  const probe = new File([], "notes.bin", { type: TYPE });
  return Boolean(navigator.canShare?.({ files: [probe] }));
}

/** Hands the file over; a share that the user breaks off is no error. */
export async function give(name: string, bytes: Uint8Array, share: boolean): Promise<void> {
  const file = new File([bytes as Uint8Array<ArrayBuffer>], name, { type: TYPE });
  if (!share) return save(file);
  try {
    await navigator.share({ files: [file] });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
  }
}

function save(file: File): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
