/**
 * E-mail addresses as people sign in with them: lower case, one plain address. Stricter
 * than the standard, so that no address can carry a second one or a header.
 */
const shape =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{3,190}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/** The address as it is kept, or null when it is none. */
export function plainEmail(text: string): string | null {
  const plain = text.trim().toLowerCase();
  return plain.length <= 254 && shape.test(plain) ? plain : null;
}
