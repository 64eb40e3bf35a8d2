import { describe, expect, it } from "vitest";
import { parseDate, parseOrganisations, slugFor } from "./partnership.ts";

describe("partnership records", () => {
  it("get an address of plain words, and a number when the words are taken", () => {
    expect(slugFor("Agribusiness: from field to packhouse", new Set())).toBe(
      "agribusiness-from-field-to-packhouse",
    );
    expect(slugFor("Iechyd a gofal – Môn", new Set(["iechyd-a-gofal-mon"]))).toBe("iechyd-a-gofal-mon-2");
    expect(slugFor("../../etc", new Set())).toBe("etc");
    expect(slugFor("農業", new Set())).toBe("record");
    expect(slugFor("New", new Set())).toBe("record");
  });

  it("take real dates only", () => {
    expect(parseDate("2015-02-24", "startsOn")).toEqual({ ok: true, value: "2015-02-24" });
    expect(parseDate(" ", "startsOn")).toEqual({ ok: true, value: null });
    for (const wrong of ["2015-02-30", "24/02/2015", "soon", "2015-2-4", "0000-00-00"]) {
      expect(parseDate(wrong, "startsOn"), wrong).toMatchObject({
        ok: false,
        refusal: { code: "date-invalid" },
      });
    }
  });

  it("need at least one provider and one employer", () => {
    expect(parseOrganisations(["A college", ""], ["provider", "employer"])).toMatchObject({
      refusal: { code: "sides-missing" },
    });
    expect(parseOrganisations(["A college", "A builder"], ["provider", "landlord"])).toMatchObject({
      refusal: { code: "wrong-side" },
    });
    const both = parseOrganisations(
      ["A college", " A  builder ", "A college"],
      ["provider", "employer", "provider"],
    );
    expect(both).toEqual({
      ok: true,
      value: [
        { name: "A college", side: "provider" },
        { name: "A builder", side: "employer" },
      ],
    });
  });
});
