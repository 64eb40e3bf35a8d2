/**
 * The network an address belongs to, as rate limits count it: /24 of IPv4, /64 of IPv6.
 * One person holds a whole /64, so counting single addresses would count nothing.
 */
import { isIPv4, isIPv6 } from "node:net";

/** `address` is what Express made of the socket and the trusted proxies. Never throws. */
export function networkOf(address: string | undefined): string {
  const plain = (address ?? "").replace(/%.*$/, "").toLowerCase();
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(plain)?.[1] ?? plain;
  if (isIPv4(mapped)) return `${mapped.split(".").slice(0, 3).join(".")}.0/24`;
  if (!isIPv6(mapped)) return "unknown";
  const [head = "", tail = ""] = mapped.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (mapped.includes("::")) {
    const after = tail === "" ? 0 : tail.split(":").length + (tail.includes(".") ? 1 : 0);
    while (groups.length < 8 - after && groups.length < 4) groups.push("0");
    if (groups.length < 4) groups.push(...tail.split(":"));
  }
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${prefix.join(":")}::/64`;
}
