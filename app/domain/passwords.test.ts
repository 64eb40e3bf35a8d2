import { describe, expect, it } from "vitest";
import { plainEmail } from "./emails.ts";
import { checkPassword } from "./passwords.ts";

const codeOf = (password: string, about: readonly string[] = []) => {
  const checked = checkPassword(password, about);
  return checked.ok ? "yes" : checked.refusal.code;
};

describe("passwords people choose", () => {
  it("[S12] takes three plain words, and any sign or script", () => {
    for (const password of [
      "rivers under bridges",
      "Über den Wolken 7",
      "correct harbour nail",
      "密码密码河流桥梁山川湖海",
    ])
      expect([password, codeOf(password)]).toEqual([password, "yes"]);
  });

  it("[S12] refuses what every attacker tries first, also stretched to the length", () => {
    const tried =
      `passwordpassword Password1234! P@ssw0rd2024 123456789012 qwertyuiop12 aaaaaaaaaaaa abcabcabcabc
      letmein12345 iloveyou1234 welcome12345 twowaystreet administrator abcdefghijkl 111111111111 000000000000
      zyxwvutsrqpo Liverpool2024 Chelsea12345! qwertyqwerty changeme1234`.split(/\s+/);
    for (const password of tried)
      expect([password, codeOf(password)]).toEqual([password, "password-too-common"]);
  });

  it("[S12] refuses one's own address or name with a little added", () => {
    const about = ["ann.baker@college.example", "Ann Baker"];
    expect(codeOf("ann.baker@college.example", about)).toBe("password-too-common");
    expect(codeOf("Ann Baker123Ann Baker", about)).toBe("password-too-common");
    expect(codeOf("Ann Baker rows boats", about)).toBe("yes");
  });

  it("counts characters, not bytes", () => {
    expect(codeOf("short words")).toBe("password-too-short");
    expect(codeOf(`${"é".repeat(5)}üöäßñ`)).toBe("password-too-short");
    expect(codeOf(`${"long words ".repeat(24)}!`)).toBe("password-too-long");
  });
});

describe("e-mail addresses", () => {
  it("are kept in lower case and are one address", () => {
    expect(plainEmail("  Ann.Baker@College.AC.UK ")).toBe("ann.baker@college.ac.uk");
    const wrong = [
      "",
      "ann",
      "ann@",
      "@college.uk",
      "ann@college",
      "a b@college.uk",
      "ann@college.uk, eve@evil.uk",
    ];
    wrong.push(
      "ann@college.uk\nBcc: eve@evil.uk",
      "<ann@college.uk>",
      "ann@-college.uk",
      "ann@college..uk",
      `${"a".repeat(65)}@college.uk`,
    );
    for (const text of wrong) expect([text, plainEmail(text)]).toEqual([text, null]);
  });
});
