/** Lens: the phone's camera, opened for as long as the screen is there. No copy goes to the gallery. */

/** Why there is no camera: not allowed by the user, none there, or held by another program. */
export type NoCamera = "denied" | "absent" | "busy";

/** Opens the camera at the back. @throws {NoCamera} */
export async function openLens(): Promise<MediaStream> {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (!media) throw "absent" satisfies NoCamera;
  try {
    return await media.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 2560 }, height: { ideal: 1440 } },
    });
  } catch (error) {
    throw reasonOf(error);
  }
}

/** Switches the camera off: its light goes out. */
export function closeLens(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Returns whether the camera has a lamp. */
export function hasLamp(stream: MediaStream): boolean {
  const [track] = stream.getVideoTracks();
  return Boolean((track?.getCapabilities?.() as { torch?: boolean } | undefined)?.torch);
}

/** Switches the lamp. */
export async function lamp(stream: MediaStream, on: boolean): Promise<void> {
  const [track] = stream.getVideoTracks();
  await track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
}

function reasonOf(error: unknown): NoCamera {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "absent";
}
