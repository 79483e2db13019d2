/** Names: how stations and areas are called on the screens. */

import type { Station } from "../core";
import { core } from "../ui/core";
import { sayOr } from "../ui/language";

/** Returns a station's name, or its code where it has none of its own. */
export function stationName(station: Station): string {
  return core().name(station.names) || station.code;
}

/** Returns where a station is. */
export function stationPlace(station: Station): string {
  return [station.code, station.address, station.place].filter(Boolean).join(" · ");
}

/** Returns the word for a level of areas; the pack may have levels of its own. */
export function levelName(level: string): string {
  return sayOr(`level_${level}`, level);
}
