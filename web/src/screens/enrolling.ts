/** Enrolling: the number and the code, in memory for as long as it takes to register, and nowhere else. */

export const enrolling = { phone: "", code: "" };

/** Forgets both. */
export function forgetNumber(): void {
  enrolling.phone = "";
  enrolling.code = "";
}
